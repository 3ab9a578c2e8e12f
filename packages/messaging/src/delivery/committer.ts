import { Fault, type Clock } from '@concord/contracts'
import type { Commit } from '../broker.ts'
import { dueCommit, type Tenure } from './tenure.ts'

/** Commits what is done: some time after something is, one commit at a time, never for an ended tenure. */
export interface Committer {
  /** Something is done: commit within the interval. */
  touch(): void
  /** Commits what is due of these tenures now. Never rejects: what failed stays due. */
  flush(tenures: readonly Tenure[]): Promise<void>
  stop(): void
  counts(): { commits: number; commitFailures: number }
  /** Since when every commit has failed, or null. */
  failingSince(): number | null
}

export interface CommitterDeps {
  clock: Clock
  intervalMs: number
  tenures: () => readonly Tenure[]
  commit: (commits: Commit[]) => Promise<void>
  onFault: (fault: Fault) => void
}

export function createCommitter(deps: CommitterDeps): Committer {
  let cancel: (() => void) | undefined
  let last: Promise<void> = Promise.resolve()
  let commits = 0
  let commitFailures = 0
  let failingSince: number | null = null
  let stopped = false

  async function commitDue(tenures: readonly Tenure[]): Promise<void> {
    const due = tenures.map(dueCommit).filter((one) => one !== null)
    if (due.length === 0) return
    try {
      await deps.commit(due.map((one) => one.commit))
      for (const one of due) one.committed()
      commits++
      failingSince = null
    } catch (error) {
      fail(Fault.from(error))
    }
  }

  /** A fenced commit is no failure: a rebalance is under way, and whoever gets the partition reads the rest again. */
  function fail(fault: Fault): void {
    if (fault.code !== 'fenced') {
      commitFailures++
      failingSince ??= deps.clock.now()
      deps.onFault(fault)
    }
    touch()
  }

  function flush(tenures: readonly Tenure[]): Promise<void> {
    last = last.then(() => commitDue(tenures))
    return last
  }

  function touch(): void {
    if (stopped) return
    cancel ??= deps.clock.after(deps.intervalMs, () => {
      cancel = undefined
      void flush(deps.tenures())
    })
  }

  return {
    touch,
    flush,
    stop() {
      stopped = true
      cancel?.()
    },
    counts: () => ({ commits, commitFailures }),
    failingSince: () => failingSince,
  }
}
