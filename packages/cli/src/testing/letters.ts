/** Dead letters for tests: as an operator sees them, and as records on their topic. */
import { testTime } from '@concord/contracts/testing'
import type { OutRecord } from '@concord/messaging'
import type { DeadLetter } from '../dlq/dead-letter.ts'

export const letterAt = (overrides: Partial<DeadLetter> = {}): DeadLetter => ({
  id: 'requests.v1.triage/0/0',
  topic: 'concord.requests.v1.triage.dlq',
  partition: 0,
  offset: 0,
  at: testTime,
  group: 'triage',
  original: { topic: 'concord.requests.v1', partition: 3, offset: 17, timestamp: testTime - 10 },
  errorClass: 'model_refused',
  message: 'model_refused: not today.',
  retriable: false,
  attempts: 1,
  firstFailureAt: testTime,
  serviceVersion: '1.0.0',
  replays: 0,
  omitted: 'nothing',
  key: 'acme:c-1',
  tenantId: 'acme',
  conversationId: 'c-1',
  requestId: 'req-1',
  traceId: '0af7651916cd43dd8448eb211c80319c',
  bytes: 200,
  settlements: [],
  ...overrides,
})

/** What an agent puts on its dead-letter topic. */
export function letterRecord({ headers = {}, ...overrides }: Partial<OutRecord> = {}): OutRecord {
  return {
    topic: 'concord.requests.v1.triage.dlq',
    partition: 0,
    key: 'acme:c-1',
    value: Buffer.from('no message'),
    ...overrides,
    headers: {
      'x-original-topic': 'concord.requests.v1',
      'x-original-partition': '1',
      'x-original-offset': '0',
      'x-original-timestamp': String(testTime),
      'x-consumer-group': 'triage',
      'x-attempt': '1',
      'x-first-failure-at': String(testTime),
      'x-error-class': 'unreadable',
      'x-error-message': 'unreadable: no.',
      'x-error-stack': 'Fault: it quotes "Ada"\n    at decode (codec.ts:1:1)',
      'x-error-retriable': 'false',
      'x-service-version': '1.0.0',
      'x-replay-count': '0',
      ...headers,
    },
  }
}
