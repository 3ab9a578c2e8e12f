/** What the checks judge by: the evidence of a run, and ways to look at it. */
import { caseKey, topicByName, traceOf, traceIdOf, type Envelope, type Topic } from '@concord/contracts'
import type { Appended } from '../evidence.ts'
import type { Gathered } from '../gather.ts'
import type { Settings } from '../plan.ts'

/** All that is known of a run, and nothing of how it was made. */
export interface Facts extends Gathered {
  settings: Pick<Settings, 'concurrency' | 'ratePerSecond'>
}

/** A way to break a promise, or the sentences that say how it was broken. */
export type Check = (facts: Facts) => string[]

/** A message that could be read, as it stands in the log. */
export interface Said<T> extends Appended {
  value: T
}

/** In the order in which they were put into the log. */
export function on<T>({ appended }: Pick<Facts, 'appended'>, topic: Topic<string, T>): Said<T>[] {
  return appended.filter((one): one is Said<T> => one.record.topic === topic.name && one.value !== null)
}

/** The envelope of whatever message has one. */
export function envelopeOf({ value }: Appended): Envelope | null {
  if (typeof value !== 'object' || value === null || !('envelope' in value)) return null
  return value.envelope as Envelope
}

/** Readable messages of ours, other than requests, with their envelopes. */
export function enveloped({ appended }: Pick<Facts, 'appended'>): (Appended & { envelope: Envelope })[] {
  return appended.flatMap((one) => {
    const envelope = topicByName(one.record.topic) === undefined ? null : envelopeOf(one)
    return envelope === null ? [] : [{ ...one, envelope }]
  })
}

/** Only the first record of each message: repeats say nothing new. */
export function firsts<T extends { envelope: Envelope }>(said: readonly T[]): T[] {
  const seen = new Set<string>()
  return said.filter(({ envelope }) => !seen.has(envelope.messageId) && seen.add(envelope.messageId))
}

/** Of the request that a message belongs to. */
export const caseOf = (of: Parameters<typeof caseKey>[0]): string => caseKey(of)

export const header = ({ record }: Appended, name: string): string | undefined => record.headers[name]?.toString()

export function traceIdOfRecord(one: Appended, of: Parameters<typeof traceOf>[1]): string {
  const headers = { traceparent: header(one, 'traceparent') }
  return traceIdOf(traceOf(headers.traceparent === undefined ? {} : { traceparent: headers.traceparent }, of))
}

export const placeOf = ({ record }: Appended): string => `${record.topic}/${record.partition}@${record.offset}`
