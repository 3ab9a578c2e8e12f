import type { Fault } from '@concord/contracts'
import { defaultMaxRecordBytes, recordBytes, type Headers, type InRecord, type OutRecord } from '@concord/messaging'
import { deadLetterTopic } from './keys.ts'
import type { Shell } from './shell.ts'
import type { Work } from './work.ts'

/** What a dead letter's headers say beside the message's own. A message that has such a header itself loses it. */
export const letterHeaders = [
  'x-original-topic',
  'x-original-partition',
  'x-original-offset',
  'x-original-timestamp',
  'x-consumer-group',
  'x-attempt',
  'x-first-failure-at',
  'x-error-class',
  'x-error-message',
  'x-error-stack',
  'x-error-retriable',
  'x-service-version',
  'x-replay-count',
] as const
type LetterHeader = (typeof letterHeaders)[number]

/** Names what did not fit into the letter, which then points at the record on its topic. */
export const omittedHeader = 'x-omitted'

const messageBytes = 1_024
const stackBytes = 4_096

/** The record as it came, byte for byte, with the reason in headers beside its own. */
export function deadLetter(work: Work, fault: Fault, shell: Shell): OutRecord {
  const { record } = work
  const why = reason(work, fault, shell)
  const topic = deadLetterTopic(record.topic, shell.group)
  const headers = { ...sendable(record.headers), ...why }
  const forms: OutRecord[] = [
    { topic, key: record.key, value: record.value, headers },
    { topic, key: record.key, value: record.value, headers: { ...headers, ...inBrief(why) } },
    { topic, key: record.key, value: null, headers: { ...headers, [omittedHeader]: 'value' } },
    { topic, key: null, value: null, headers: { ...why, [omittedHeader]: 'key, value, headers' } },
  ]
  const [whole, ...rest] = forms as [OutRecord, ...OutRecord[]]
  return rest.reduce((form, smaller) => (recordBytes(form) > defaultMaxRecordBytes ? smaller : form), whole)
}

/** What of the reason can be left out before anything of the message is. */
function inBrief(why: Record<LetterHeader, string>): Partial<Record<LetterHeader, string>> {
  return { 'x-error-message': cut(why['x-error-message'], 100), 'x-error-stack': '' }
}

function reason(work: Work, fault: Fault, { group, manifest, deps }: Shell): Record<LetterHeader, string> {
  const { record, attempt, firstSeenAt } = work
  return {
    'x-original-topic': record.topic,
    'x-original-partition': String(record.partition),
    'x-original-offset': String(record.offset),
    'x-original-timestamp': String(record.timestamp),
    'x-consumer-group': group,
    'x-attempt': String(attempt),
    'x-first-failure-at': String(attempt === 1 ? deps.clock.now() : firstSeenAt),
    'x-error-class': fault.code,
    'x-error-message': cut(fault.message, messageBytes),
    'x-error-stack': cut(fault.stack ?? '', stackBytes),
    'x-error-retriable': String(fault.retryable),
    'x-service-version': manifest.version,
    'x-replay-count': String(replayCount(record)),
  }
}

/** How often this message has been replayed; 0 where the header says nothing that counts. */
export function replayCount({ headers }: Pick<InRecord, 'headers'>): number {
  const said = headers['x-replay-count']
  const text = Buffer.isBuffer(said) ? said.toString('latin1') : ''
  return /^\d{1,6}$/.test(text) ? Number(text) : 0
}

/** Kafka lets a header have no value, and the client cannot send that: it becomes an empty one. */
function sendable(headers: Headers): Headers {
  const bytes = (value: Buffer | null): Buffer => value ?? Buffer.alloc(0)
  return Object.fromEntries(
    Object.entries(headers as Record<string, Buffer | null | (Buffer | null)[]>).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.map(bytes) : bytes(value),
    ]),
  )
}

/** At most so many bytes of UTF-8, never half a character. */
function cut(text: string, bytes: number): string {
  const encoded = Buffer.from(text)
  if (encoded.length <= bytes) return text
  return new TextDecoder().decode(encoded.subarray(0, bytes)).replace(/\ufffd+$/, '')
}
