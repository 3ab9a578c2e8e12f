import type { Fault } from '@concord/contracts'
import type { InRecord, OutRecord } from '@concord/messaging'
import { deadLetterTopic } from './keys.ts'
import type { Shell } from './shell.ts'
import type { Work } from './work.ts'

const messageBytes = 1_024
const stackBytes = 4_096

/** The record as it came, with the reason in headers beside its own. */
export function deadLetter(work: Work, fault: Fault, shell: Shell): OutRecord {
  const { record, attempt, firstSeenAt } = work
  const { topic, partition, offset, timestamp, key, value, headers } = record
  return {
    topic: deadLetterTopic(topic, shell.group),
    key,
    value,
    headers: {
      ...headers,
      'x-original-topic': topic,
      'x-original-partition': String(partition),
      'x-original-offset': String(offset),
      'x-original-timestamp': String(timestamp),
      'x-consumer-group': shell.group,
      'x-attempt': String(attempt),
      'x-first-failure-at': String(firstSeenAt),
      'x-error-class': fault.code,
      'x-error-message': cut(fault.message, messageBytes),
      'x-error-stack': cut(fault.stack ?? '', stackBytes),
      'x-error-retriable': String(fault.retryable),
      'x-service-version': shell.manifest.version,
      'x-replay-count': replayCount(record),
    },
  }
}

function replayCount({ headers }: InRecord): string {
  const count = Number(headers['x-replay-count']?.toString() ?? '0')
  return Number.isSafeInteger(count) && count >= 0 ? String(count) : '0'
}

/** At most so many bytes of UTF-8, never half a character. */
function cut(text: string, bytes: number): string {
  const encoded = Buffer.from(text)
  if (encoded.length <= bytes) return text
  return new TextDecoder().decode(encoded.subarray(0, bytes - 3)).replace(/\ufffd+$/, '')
}
