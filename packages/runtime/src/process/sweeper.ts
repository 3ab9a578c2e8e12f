import { Fault } from '@concord/contracts'
import type { Delivery, PartitionChange } from '@concord/messaging'
import { dueIndex, keyOfCase, outboxIndex } from '../keys.ts'
import type { Shell } from '../shell.ts'
import type { CaseAt, Cases } from './cases.ts'

/** Fires deadlines, and publishes what a crash left unpublished, for the partitions that are here. */
export interface Sweeper {
  onPartitions(change: PartitionChange): void
  health(): { ok: boolean; reason?: string }
  stop(): void
}

/** Cases looked at in one sweep of one partition. */
const batch = 100
/** An outbox that full and that old was left behind; a younger one is being published by whoever filled it. */
const leftBehindMs = 1_000
/** A case whose deadline cannot be handled is left alone for so long. */
const restMs = 10_000
/** A sweep that takes longer hangs. */
const stalledMs = 60_000

interface Rounds {
  controller: AbortController
  /** When the last step was made; null while the log is being waited for, which may take as long as it takes. */
  lastStepAt: number | null
}

export function createSweeper(shell: Shell, cases: Cases<unknown>, delivery: Pick<Delivery, 'caughtUp'>): Sweeper {
  const { clock, store } = shell.deps
  const { name } = shell.manifest
  const rounds = new Map<number, Rounds>()
  const resting = new Map<string, number>()

  async function sweepForEver(partition: number, round: Rounds): Promise<void> {
    const { signal } = round.controller
    while (!signal.aborted) {
      round.lastStepAt = clock.now()
      await sweep(partition, round).catch((error: unknown) => report(error, signal))
      await clock.sleep(shell.config.sweepMs, signal).catch(() => undefined)
    }
  }

  async function sweep(partition: number, round: Rounds): Promise<void> {
    const now = clock.now()
    const left = await store.range(outboxIndex(name, partition), { upTo: now - leftBehindMs, limit: batch })
    await each(left, partition, round, (at) => cases.release(at))
    const due = awake(await store.range(dueIndex(name, partition), { upTo: now, limit: batch }), now)
    if (due.length === 0) return
    round.lastStepAt = null
    // What is in the log may be the answer that the deadline waits for.
    const caughtUp = await delivery.caughtUp(partition, round.controller.signal)
    round.lastStepAt = clock.now()
    if (caughtUp) await each(due, partition, round, (at) => cases.onDue(at))
  }

  async function each(
    entries: readonly { key: string }[],
    partition: number,
    round: Rounds,
    run: (at: CaseAt) => Promise<void>,
  ): Promise<void> {
    for (const { key: storeKey } of entries) {
      if (round.controller.signal.aborted) return
      round.lastStepAt = clock.now()
      await run({ key: keyOfCase(name, storeKey), partition }).catch((error: unknown) => {
        if (shell.dependencies.report(Fault.from(error))) throw error
        resting.set(storeKey, clock.now() + restMs)
        report(error, round.controller.signal)
      })
    }
  }

  function awake(entries: readonly { key: string }[], now: number): { key: string }[] {
    for (const [key, upTo] of resting) if (upTo <= now) resting.delete(key)
    return entries.filter(({ key }) => !resting.has(key))
  }

  function report(error: unknown, signal: AbortSignal): void {
    if (signal.aborted) return
    const fault = Fault.from(error)
    if (shell.dependencies.report(fault)) return
    shell.log.error({ error: fault }, 'a deadline could not be handled')
  }

  function end(partition: number): void {
    rounds.get(partition)?.controller.abort(new Fault('fenced', 'the partition has left.'))
    rounds.delete(partition)
  }

  return {
    onPartitions({ kind, partitions }) {
      for (const partition of partitions) {
        end(partition)
        if (kind === 'lost') continue
        const round: Rounds = { controller: new AbortController(), lastStepAt: clock.now() }
        rounds.set(partition, round)
        void sweepForEver(partition, round)
      }
    },
    health() {
      const limit = clock.now() - stalledMs
      const stalled = [...rounds].find(([, { lastStepAt }]) => lastStepAt !== null && lastStepAt < limit)
      return stalled === undefined ? { ok: true } : { ok: false, reason: `deadlines of partition ${stalled[0]} are not looked after` }
    },
    stop() {
      for (const partition of [...rounds.keys()]) end(partition)
    },
  }
}
