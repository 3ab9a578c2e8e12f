import { Fault, type CaseEvent } from '@concord/contracts'
import { z } from 'zod'
import { PackedRecord } from '../packed-record.ts'

/** A record of the log. */
export const InputAt = z.object({ topic: z.string(), partition: z.int(), offset: z.int() })
export type InputAt = z.infer<typeof InputAt>

/** What an entry of the history says beside its event, so that the case can be rebuilt. */
export const TurnEntry = z.object({
  process: z.string(),
  /** The case's key. */
  case: z.string(),
  /** When the case was opened. One that was forgotten and opened anew has another. Milliseconds since the epoch. */
  life: z.int(),
  /** Of the guard under which the turn was stored. */
  epoch: z.int(),
  /** The version of the turn's first event, and how many it has: half a turn counts for nothing. */
  first: z.int().min(1),
  count: z.int().min(1),
  /** How the message that led to it is remembered; null for a deadline. */
  seenAs: z.string().nullable(),
  input: InputAt.nullable(),
  /** What this event publishes, as it is sent. */
  outbox: z.array(PackedRecord),
})
export type TurnEntry = z.infer<typeof TurnEntry>

/** @returns null for an entry of another process, or of a writer that rebuilds nothing. @throws Fault `unreadable` */
export function readTurn(process: string, entry: CaseEvent): TurnEntry | null {
  if (entry.turn === null) return null
  const parsed = TurnEntry.safeParse(parseJson(entry.turn))
  if (!parsed.success) throw new Fault('unreadable', 'the turn of an entry of the history is not what the runtime writes.')
  return parsed.data.process === process ? parsed.data : null
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
