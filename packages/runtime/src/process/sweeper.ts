import { Fault } from '@concord/contracts'
import type { PartitionChange } from '@concord/messaging'
import type { Shell } from '../shell.ts'
import type { Round, Sweep } from './sweep.ts'

/** Sweeps the partitions that are here, one after the other in each, all of them side by side. */
export interface Sweeper {
  onPartitions(change: PartitionChange): void
  health(): { ok: boolean; reason?: string }
  stop(): void
}

/** A sweep that takes longer hangs. Milliseconds. */
const stalledMs = 60_000

export function createSweeper(shell: Shell, sweep: Sweep): Sweeper {
  const { clock } = shell.deps
  const rounds = new Map<number, { round: Round; end: () => void }>()

  async function sweepForEver(round: Round): Promise<void> {
    const { signal } = round
    while (!signal.aborted) {
      round.lastStepAt = clock.now()
      await sweep(round).catch((error: unknown) => report(error, signal))
      await clock.sleep(shell.config.sweepMs, signal).catch(() => undefined)
    }
  }

  function report(error: unknown, signal: AbortSignal): void {
    const fault = Fault.from(error)
    if (signal.aborted || shell.dependencies.report(fault)) return
    shell.log.error({ error: fault }, 'a sweep has failed')
  }

  function begin(partition: number): void {
    const controller = new AbortController()
    const round: Round = { partition, signal: controller.signal, lastStepAt: clock.now() }
    rounds.set(partition, { round, end: () => controller.abort(new Fault('fenced', 'the partition has left.')) })
    void sweepForEver(round)
  }

  function end(partition: number): void {
    rounds.get(partition)?.end()
    rounds.delete(partition)
  }

  return {
    onPartitions({ kind, partitions }) {
      for (const partition of partitions) {
        end(partition)
        if (kind === 'gained') begin(partition)
      }
    },
    health() {
      const limit = clock.now() - stalledMs
      const stalled = [...rounds.values()].find(({ round }) => round.lastStepAt !== null && round.lastStepAt < limit)
      if (stalled === undefined) return { ok: true }
      return { ok: false, reason: `deadlines of partition ${stalled.round.partition} are not looked after` }
    },
    stop() {
      for (const partition of rounds.keys()) end(partition)
    },
  }
}
