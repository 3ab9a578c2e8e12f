/** One record as the checker's own consumer saw it, reduced to what is judged. */
export interface Sighting {
  topic: string
  /** `replies`, for any topic of the contracts; `dlq` for a dead-letter topic. */
  noun: string
  partition: number
  offset: number
  /** The record's time, milliseconds since the epoch. */
  at: number
  /** The record's key: requests of one conversation share it. */
  conversation: string
  /** Empty where the record could not be read. */
  requestId: string
  messageId: string
  /** Who made it, as its headers say: `triage`, `coordinator`, `producer`. */
  maker: string
  /** 32 hex digits, or null without a valid traceparent. */
  traceId: string | null
  /** Hash of key and value: equal for equal bytes. */
  content: string
  body: Body
}

export type Body =
  | { kind: 'request' }
  | { kind: 'reply'; outcome: string; reason: string }
  | { kind: 'message'; revision: number }
  | { kind: 'escalation'; caseVersion: number; shownHash: string; reason: string; envelope: unknown }
  | { kind: 'model-call'; callId: string; agent: string; outcome: string; startedAt: number }
  | { kind: 'dead-letter'; group: string; from: string; code: string }
  | { kind: 'undecodable'; why: string }

/** A sighting whose body is of this kind. */
export type SightingOf<K extends Body['kind']> = Sighting & { body: Extract<Body, { kind: K }> }

export const isA =
  <K extends Body['kind']>(kind: K) =>
  (sighting: Sighting): sighting is SightingOf<K> =>
    sighting.body.kind === kind

/** In the order of the log, first come first. */
export const byPlace = (a: Sighting, b: Sighting): number => a.partition - b.partition || a.offset - b.offset
