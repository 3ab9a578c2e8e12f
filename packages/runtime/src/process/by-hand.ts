/** Rebuilding, for whoever stands outside of the service. */
import { Fault } from '@concord/contracts'
import type { Store } from '@concord/store'
import { stateSentinel } from '../keys.ts'
import { readPartitionState, type RebuiltCounts } from './sentinel.ts'

/**
 * Takes the sentinel of a partition away, so that its owner rebuilds it: nothing that stands is lost by that, and what is newer than the
 * history stays. Resolves with the id of the state that ended so, or null where none was whole.
 */
export async function askForRebuild(store: Store, process: string, partition: number): Promise<string | null> {
  const sentinel = stateSentinel(process, partition)
  for (;;) {
    const standing = await store.sentinel(sentinel)
    const state = readPartitionState(standing)
    if (standing === null || (await store.setSentinel(sentinel, null, { if: standing }))) return state?.id ?? null
  }
}

/** What was done, once the partition is whole in another state than `before`; null until then. */
export async function rebuiltSince(
  store: Store,
  process: string,
  partition: number,
  before: string | null,
): Promise<RebuiltCounts | null> {
  const state = readPartitionState(await store.sentinel(stateSentinel(process, partition)))
  return state?.state === 'whole' && state.id !== before ? state.cases : null
}

/** Nobody has rebuilt these. */
export function notRebuilt(partitions: readonly number[], process: string): Fault {
  return new Fault('deadline_exceeded', `nobody has rebuilt partition ${partitions.join(', ')} yet.`, {
    mend: `Is ${process} running? It rebuilds them as soon as it is; until then it takes no message of theirs.`,
  })
}
