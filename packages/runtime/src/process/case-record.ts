import { Fault, type TraceContext } from '@concord/contracts'
import { z } from 'zod'
import { PackedRecord } from '../packed-record.ts'

const TraceSchema = z.object({ traceparent: z.string(), tracestate: z.string().optional(), baggage: z.string().optional() })

const Envelope = z.object({
  state: z.unknown(),
  version: z.int(),
  partition: z.int(),
  seen: z.array(z.string()),
  journal: z.array(PackedRecord),
  outbox: z.array(PackedRecord),
  dueAt: z.number().nullable(),
  trace: TraceSchema,
})

/** A case as it stands in the store. */
export interface CaseRecord<State> {
  state: State
  /** Events so far. */
  version: number
  /** Where the case was opened: its deadlines are swept there, whatever partition a later message of its id came from. */
  partition: number
  /** Ids of the messages that had their effect, oldest first. */
  seen: string[]
  /** What is to be published: the history first, and only when it is acknowledged the rest. */
  journal: PackedRecord[]
  outbox: PackedRecord[]
  /** Milliseconds since the epoch. */
  dueAt: number | null
  /** Of the case's first message: every output has its trace id. */
  trace: TraceContext
}

/** A case has few messages. Should one have more, the oldest ids are forgotten. */
export const mostSeen = 1_000

/** @throws Fault `internal` for a value that nobody of us wrote: missing state must never be taken for a new case. */
export function readCase<State>(key: string, value: string): CaseRecord<State> {
  try {
    return Envelope.parse(JSON.parse(value)) as CaseRecord<State>
  } catch {
    throw new Fault('internal', `the stored case ${key} cannot be read.`, { mend: 'Rebuild it from case-events.' })
  }
}

/** Whether everything that the case said is out. */
export const isPublished = ({ journal, outbox }: CaseRecord<unknown>): boolean => journal.length === 0 && outbox.length === 0
