import { createMetrics, createLogger } from '@concord/telemetry'
import type { ModelCallRecord } from '@concord/model'
import { expect, test } from 'vitest'
import { apartFromShadows, gatewayEvents } from './gateway-events.ts'

test('an event of the gateway becomes a figure and a line in the log', async () => {
  const metrics = createMetrics('triage')
  const lines: string[] = []
  const stream = { write: (line: string) => void lines.push(line) }
  const log = createLogger({ service: 'triage', level: 'info', stream })
  const onEvent = gatewayEvents(log, metrics)
  onEvent({ kind: 'breaker', target: 'main/large', from: 'closed', to: 'open' })
  onEvent({ kind: 'retry', target: 'main/large', code: 'model_rate_limited', afterMs: 20 })
  const { values } = await metrics.gatewayEvents.get()
  expect(values.map(({ labels, value }) => [labels.kind, labels.target, labels.reason, value])).toEqual([
    ['breaker', 'main/large', 'open', 1],
    ['retry', 'main/large', 'model_rate_limited', 1],
  ])
  expect(lines).toHaveLength(1)
  expect(JSON.parse(lines[0]!)).toMatchObject({ target: 'main/large', from: 'closed', to: 'open', msg: 'a breaker changes' })
})

test('a shadow call is counted and logged, and no message gets its record', async () => {
  const metrics = createMetrics('triage')
  const lines: string[] = []
  const kept: string[] = []
  const log = createLogger({ service: 'triage', level: 'info', stream: { write: (line: string) => void lines.push(line) } })
  const onCall = apartFromShadows(log, metrics, ({ callId }) => void kept.push(callId))
  const use = { inputTokens: 1, cachedInputTokens: 0, outputTokens: 1, costMicros: 7, latencyMs: 5 }
  const record = { callId: 'c1', model: 'small', outcome: 'ok', ...use } as ModelCallRecord
  onCall(record)
  onCall({ ...record, callId: 'c1/shadow', shadow: true })
  expect(kept).toEqual(['c1'])
  expect((await metrics.modelCalls.get()).values).toMatchObject([{ labels: { model: 'small', outcome: 'ok' }, value: 1 }])
  expect(JSON.parse(lines[0]!)).toMatchObject({ callId: 'c1/shadow', msg: 'a shadow call has ended' })
})
