/** How large what the coordinator publishes may get: a record that the broker refuses would keep its case waiting for ever. */
import { canonicalJson, type Envelope } from '@concord/contracts'
import type { CaseEvent } from './events.ts'

/** A record holds a million bytes; the rest is left for the envelope, the reason and the headers. */
const mostEventBytes = 850_000
/** The snapshot of the request stands in every message of its case, and several times in a step of its history. */
export const mostSnapshotBytes = 100_000

/** UTF-8 as JSON, which is never shorter than Avro. */
export const bytesOf = (value: unknown): number => Buffer.byteLength(canonicalJson(value))

/** The event itself, without what it publishes and its reason: what the state is folded from. */
export function eventData({ outputs: _, reason: __, ...data }: CaseEvent): string {
  return canonicalJson(data)
}

/** What the event publishes, in full. */
export function eventOutputs({ outputs }: CaseEvent): string {
  return canonicalJson(outputs.map(({ topic, value }) => ({ topic: topic.name, value })))
}

/** An entry holds what the event publishes twice: to be read, and as it is sent, which is Avro as base64. */
const outputsTake = 1 + 4 / 3

/** Whether the event and all that it publishes can be records. */
export function fits(event: CaseEvent): boolean {
  return Buffer.byteLength(eventData(event)) + outputsTake * Buffer.byteLength(eventOutputs(event)) <= mostEventBytes
}

/** The first of them that take no more than so many bytes together. */
export function withinBytes<T>(items: readonly T[], most: number): T[] {
  let bytes = 0
  return items.filter((item) => (bytes += bytesOf(item)) <= most)
}

/** The envelope with no more of the request than every message of the case can carry. */
export function carried(envelope: Envelope): Envelope {
  if (bytesOf(envelope.request) <= mostSnapshotBytes) return envelope
  return { ...envelope, request: { ...envelope.request, history: [], metadata: {} } }
}
