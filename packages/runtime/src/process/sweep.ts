import { Fault, type Clock } from '@concord/contracts'
import type { Delivery } from '@concord/messaging'
import { dueIndex, keyOfCase, outboxIndex } from '../keys.ts'
import type { Shell } from '../shell.ts'
import type { CaseAt } from './case-store.ts'
import type { Cases } from './cases.ts'
import type { Keeper } from './keeper.ts'

/** Cases looked at in one sweep of one partition. */
const batch = 100
/** Of them, how many are worked on at a time. */
const atOnce = 10
/** An outbox that full and that old was left behind; a younger one is being published by whoever filled it. */
const leftBehindMs = 1_000
/** A case whose deadline cannot be handled is left alone for so long. */
const restMs = 10_000

/** One round over the cases of a partition. */
export interface Round {
  readonly partition: number
  readonly signal: AbortSignal
  /** When the last step was made; null while the log is being waited for, which may take as long as it takes. */
  lastStepAt: number | null
}

/** Publishes what was left behind, and fires the deadlines that have come, once all that stands in the log is handled. */
export type Sweep = (round: Round) => Promise<void>

export function createSweep(
  shell: Shell,
  cases: Cases<unknown>,
  keeper: Pick<Keeper, 'guard' | 'stands'>,
  delivery: Pick<Delivery, 'caughtUp'>,
): Sweep {
  const { clock, store } = shell.deps
  const { name } = shell.manifest
  const resting = createResting(clock)

  async function each(round: Round, keys: readonly string[], run: (at: CaseAt) => Promise<void>): Promise<void> {
    for (let first = 0; first < keys.length && !round.signal.aborted; first += atOnce) {
      round.lastStepAt = clock.now()
      await Promise.all(keys.slice(first, first + atOnce).map((key) => one(round, key, run)))
    }
  }

  async function one({ partition, signal }: Round, storeKey: string, run: (at: CaseAt) => Promise<void>): Promise<void> {
    try {
      await run({ key: keyOfCase(name, storeKey), partition })
    } catch (error) {
      const fault = Fault.from(error)
      if (signal.aborted || shell.dependencies.report(fault)) throw fault
      resting.add(storeKey)
      shell.log.error({ error: fault }, 'a case could not be swept')
    }
  }

  return async (round) => {
    const { partition, signal } = round
    await keeper.stands(keeper.guard(partition)) // so that a service without messages notices a loss too
    const now = clock.now()
    const limit = batch + resting.size()
    const left = await store.range(outboxIndex(name, partition), { upTo: now - leftBehindMs, limit })
    await each(round, resting.awake(left), (at) => cases.release(at))
    const due = resting.awake(await store.range(dueIndex(name, partition), { upTo: now, limit }))
    if (due.length === 0) return
    round.lastStepAt = null
    // What is in the log may be the answer that the deadline waits for.
    const caughtUp = await delivery.caughtUp(partition, signal)
    if (caughtUp) await each(round, due, (at) => cases.onDue(at))
  }
}

/** Cases that failed lately, so that they are not tried again at once and keep no other from its turn. */
function createResting(clock: Clock) {
  const until = new Map<string, number>()
  return {
    add: (key: string): void => void until.set(key, clock.now() + restMs),
    size: (): number => until.size,
    awake(entries: readonly { key: string }[]): string[] {
      const now = clock.now()
      for (const [key, end] of until) if (end <= now) until.delete(key)
      return entries.map(({ key }) => key).filter((key) => !until.has(key))
    },
  }
}
