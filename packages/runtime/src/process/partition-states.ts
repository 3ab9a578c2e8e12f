import type { Store } from '@concord/store'
import type { Deps } from '../deps.ts'
import { stateSentinel } from '../keys.ts'
import type { Process } from './define-process.ts'
import { readPartitionState, type Guard, type PartitionState, type WholeState } from './sentinel.ts'

/** The sentinels of a process's partitions. */
export interface PartitionStates {
  nameOf(partition: number): string
  /** The guard that stands now for cases in the process's own form, or null. */
  standing(partition: number): Promise<Guard | null>
  /** Partitions of the whole process, whoever they are held by, of which cases may be missing. */
  notWhole(): Promise<number[]>
  /** Replaces what stands. @returns whether it still stood. */
  replace(partition: number, state: PartitionState, before: string | null): Promise<boolean>
  /** Resolves with the value that stands, whatever it says. */
  value(partition: number): Promise<string | null>
  guardOf(partition: number, state: WholeState): Guard
}

type Of = Pick<Process, 'name' | 'stateVersion' | 'journal'>

export function createPartitionStates({ store, broker }: Pick<Deps, 'store' | 'broker'>, process: Of): PartitionStates {
  const nameOf = (partition: number): string => stateSentinel(process.name, partition)
  const value = (partition: number): Promise<string | null> => store.sentinel(nameOf(partition))
  const guard = (partition: number, { epoch }: WholeState, text: string): Guard => ({
    partition,
    epoch,
    under: { sentinel: nameOf(partition), value: text },
  })

  async function partitionCount(): Promise<number> {
    const admin = await broker.admin()
    try {
      return (await admin.listTopics()).get(process.journal.topic.name) ?? 0
    } finally {
      await admin.close()
    }
  }

  return {
    nameOf,
    value,
    async standing(partition) {
      const text = await value(partition)
      const state = readPartitionState(text)
      if (text === null || state?.state !== 'whole' || state.stateVersion !== process.stateVersion) return null
      return guard(partition, state, text)
    },
    async notWhole() {
      const partitions = [...Array(await partitionCount()).keys()]
      const states = await Promise.all(partitions.map(async (one) => readPartitionState(await value(one))))
      return partitions.filter((one) => states[one]?.state !== 'whole')
    },
    replace: (partition, state, before) => set(store, nameOf(partition), state, before),
    guardOf: (partition, state) => guard(partition, state, text(state)),
  }
}

/** The value that stands for a state. */
export const text = (state: PartitionState): string => JSON.stringify(state)

const set = (store: Store, name: string, state: PartitionState, before: string | null): Promise<boolean> =>
  store.setSentinel(name, text(state), { if: before })
