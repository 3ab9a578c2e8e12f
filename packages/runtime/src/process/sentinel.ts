import type { Under } from '@concord/store'
import { z } from 'zod'

/** Cases met in a rebuilding, by what became of them. */
export const RebuiltCounts = z.object({
  /** Found on case-events. */
  read: z.int(),
  /** Put into the store. */
  written: z.int(),
  /** Left as they stood there: at least as far on. */
  kept: z.int(),
  /** Left out: ended longer ago than cases are kept, or never begun with a whole turn. */
  omitted: z.int(),
  /** Cannot be rebuilt: part of their history is gone or unreadable. */
  broken: z.int(),
})
export type RebuiltCounts = z.infer<typeof RebuiltCounts>

/** What the sentinel of a partition's cases says. */
export const PartitionState = z.discriminatedUnion('state', [
  /** Everything that is known of the partition's cases stands in the store. */
  z.object({
    state: z.literal('whole'),
    /** No two of them are alike, so a write of before can never pass for one of after. */
    id: z.string(),
    epoch: z.int(),
    stateVersion: z.int(),
    cases: RebuiltCounts,
  }),
  z.object({ state: z.literal('rebuilding'), id: z.string() }),
])
export type PartitionState = z.infer<typeof PartitionState>
export type WholeState = Extract<PartitionState, { state: 'whole' }>

/** @returns null for what nobody of us wrote. */
export function readPartitionState(text: string | null): PartitionState | null {
  try {
    return PartitionState.parse(JSON.parse(text ?? 'null'))
  } catch {
    return null
  }
}

/** What cases of a partition are read and written under: whoever holds it sees all of them, or is refused. */
export interface Guard {
  readonly partition: number
  readonly epoch: number
  readonly under: Under
}
