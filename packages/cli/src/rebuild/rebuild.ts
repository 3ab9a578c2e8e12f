/** The cases of partitions rebuilt, or what that would do. */
import { Fault, type Clock, type Codec } from '@concord/contracts'
import type { Broker } from '@concord/messaging'
import { askForRebuild, notRebuilt, rebuildPartition, rebuiltSince, type Process, type RebuiltCounts } from '@concord/runtime'
import type { Store } from '@concord/store'

export interface RebuildWish {
  /** Null for all. */
  partition: number | null
  /** Reads and compares, and changes nothing. */
  dryRun: boolean
}

/** Cases of one partition, by what became of them, or would. */
export interface RebuildRow extends RebuiltCounts {
  partition: number
}

export interface RebuilderDeps {
  broker: Broker
  store: Store
  codec: Codec
  clock: Clock
  process: Process
  /** How long the owners may take. Milliseconds; a minute unless told. */
  patienceMs?: number
}

/** As the services have it, unless they are told otherwise. Milliseconds. */
const horizonMs = 24 * 3_600_000
const lookMs = 100

export function createRebuilder(deps: RebuilderDeps): (wish: RebuildWish) => Promise<RebuildRow[]> {
  return async ({ partition, dryRun }) => {
    const count = await partitionCount(deps)
    if (partition !== null && partition >= count) throw noSuchPartition(partition, count)
    const partitions = partition === null ? [...Array(count).keys()] : [partition]
    return dryRun ? tryOut(deps, partitions) : rebuild(deps, partitions)
  }
}

/** One after the other: each may hold many cases in memory. */
async function tryOut(deps: RebuilderDeps, partitions: readonly number[]): Promise<RebuildRow[]> {
  const rows: RebuildRow[] = []
  for (const partition of partitions) {
    const { epoch: _, unreadable: __, ...cases } = await rebuildPartition({ deps, process: deps.process, partition, horizonMs })
    rows.push({ partition, ...cases })
  }
  return rows
}

async function rebuild(
  { store, clock, process, patienceMs = 60_000 }: RebuilderDeps,
  partitions: readonly number[],
): Promise<RebuildRow[]> {
  const before = new Map<number, string | null>()
  for (const one of partitions) before.set(one, await askForRebuild(store, process.name, one))
  const done = new Map<number, RebuildRow>()
  for (const until = clock.now() + patienceMs; done.size < partitions.length; await clock.sleep(lookMs)) {
    for (const partition of partitions) {
      const cases = done.has(partition) ? null : await rebuiltSince(store, process.name, partition, before.get(partition) ?? null)
      if (cases !== null) done.set(partition, { partition, ...cases })
    }
    const left = partitions.filter((one) => !done.has(one))
    if (left.length > 0 && clock.now() >= until) throw notRebuilt(left, process.name)
  }
  return partitions.map((one) => done.get(one)!)
}

async function partitionCount({ broker, process }: RebuilderDeps): Promise<number> {
  const { name } = process.journal.topic
  const admin = await broker.admin()
  try {
    const count = (await admin.listTopics()).get(name)
    if (count !== undefined) return count
    throw new Fault('not_found', `the topic ${name} does not exist.`, { mend: 'Run ./concord topics apply.' })
  } finally {
    await admin.close()
  }
}

function noSuchPartition(partition: number, count: number): Fault {
  return new Fault('invalid_input', `there is no partition ${partition}.`, { mend: `They are numbered from 0 to ${count - 1}.` })
}
