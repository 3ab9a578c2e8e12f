import { Fault, type TraceContext } from '@concord/contracts'
import { z } from 'zod'
import { PackedRecord } from '../packed-record.ts'

/** Of what stands in the store around the state. One that is stored otherwise is rebuilt from its events. */
const format = 1

const TraceSchema = z.object({ traceparent: z.string(), tracestate: z.string().optional(), baggage: z.string().optional() })

const Stored = z.object({
  format: z.literal(format),
  stateVersion: z.int(),
  state: z.unknown(),
  version: z.int(),
  life: z.int(),
  epoch: z.int(),
  partition: z.int(),
  seen: z.array(z.string()),
  journal: z.array(PackedRecord),
  outbox: z.array(PackedRecord),
  dueAt: z.number().nullable(),
  trace: TraceSchema,
})

/** What stands for a case whose history has a hole: its messages are dead letters, for nobody knows what they mean to it. */
const Broken = z.object({ broken: z.string() })

/** A case as it stands in the store. */
export interface CaseRecord<State> {
  state: State
  /** Events so far. */
  version: number
  /** When it was opened. Milliseconds since the epoch. */
  life: number
  /** Of the guard under which its last turn was stored. */
  epoch: number
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

/** What a stored value is to this version of the process. */
export type Read<State> =
  | { kind: 'case'; record: CaseRecord<State> }
  /** A case in a form that is not ours: of another version of the process, or spoilt. */
  | {
      kind: 'strange'
      /** Nothing of it was ever published, so that nobody has heard of it. */
      unheard: boolean
    }
  | { kind: 'broken'; reason: string }

export function readCase<State>(value: string, stateVersion: number): Read<State> {
  const json = parseJson(value)
  const stored = Stored.safeParse(json)
  if (stored.success && stored.data.stateVersion === stateVersion) {
    const { format: _, stateVersion: __, ...record } = stored.data
    return { kind: 'case', record: record as CaseRecord<State> }
  }
  const broken = Broken.safeParse(json)
  if (broken.success) return { kind: 'broken', reason: broken.data.broken }
  return { kind: 'strange', unheard: stored.success && stored.data.journal.length === stored.data.version }
}

export function writeCase(record: CaseRecord<unknown>, stateVersion: number): string {
  return JSON.stringify({ format, stateVersion, ...record })
}

export const writeBroken = (reason: string): string => JSON.stringify({ broken: reason } satisfies z.infer<typeof Broken>)

/** Missing state must never be taken for a new case: such a case takes no message. */
export function brokenCase(key: string, reason: string): Fault {
  return new Fault('internal', `the case ${key} cannot be read, and cannot be rebuilt: ${reason}`, {
    mend: 'A person must answer; see docs/operations.md.',
  })
}

function parseJson(value: string): unknown {
  try {
    return JSON.parse(value)
  } catch {
    return undefined
  }
}

/** Whether everything that the case said is out. */
export const isPublished = ({ journal, outbox }: CaseRecord<unknown>): boolean => journal.length === 0 && outbox.length === 0
