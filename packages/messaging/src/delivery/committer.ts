import { Fault, type Clock } from '@concord/contracts'
import type { Commit } from '../broker.ts'
import { dueCommit, type Tenure } from './tenure.ts'

export interface CommitterDeps {
  clock: Clock
  intervalMs: number
  tenures: () => readonly Tenure[]
  commit: (commits: Commit[]) => Promise<void>
  onCommit: (ms: number, ok: boolean) => void
  onFault: (fault: Fault) => void
  /** Called at the interval, as long as things get done. */
  onInterval: () => void
}

/** Commits what is done: some time after something is, one commit at a time, never for an ended tenure. */
export class Committer {
  readonly #deps: CommitterDeps
  #cancel: (() => void) | undefined
  #last: Promise<void> = Promise.resolve()
  #commits = 0
  #commitFailures = 0
  #failingSince: number | null = null
  #begunAt: number | null = null
  #stopped = false

  constructor(deps: CommitterDeps) {
    this.#deps = deps
  }

  /** Something is done: commit within the interval. */
  touch(): void {
    if (this.#stopped) return
    this.#cancel ??= this.#deps.clock.after(this.#deps.intervalMs, () => {
      this.#cancel = undefined
      this.#deps.onInterval()
      void this.flush(this.#deps.tenures())
    })
  }

  /** Commits what is due of these tenures now. Never rejects: what failed stays due. */
  flush(tenures: readonly Tenure[]): Promise<void> {
    this.#last = this.#last.then(() => this.#commitDue(tenures))
    return this.#last
  }

  stop(): void {
    this.#stopped = true
    this.#cancel?.()
  }

  counts(): { commits: number; commitFailures: number } {
    return { commits: this.#commits, commitFailures: this.#commitFailures }
  }

  /** Since when no commit has succeeded though one was wanted: the first that failed, or the one that is still unanswered. Null when all is well. */
  failingSince(): number | null {
    return this.#failingSince ?? this.#begunAt
  }

  async #commitDue(tenures: readonly Tenure[]): Promise<void> {
    const due = tenures.map(dueCommit).filter((one) => one !== null)
    if (due.length === 0) {
      this.#failingSince = null // what failed to be committed has left with its partition
      return
    }
    const begunAt = this.#deps.clock.now()
    this.#begunAt = begunAt
    try {
      await this.#deps.commit(due.map((one) => one.commit))
      for (const one of due) one.committed()
      this.#commits++
      this.#failingSince = null
      this.#deps.onCommit(this.#deps.clock.now() - begunAt, true)
    } catch (error) {
      this.#fail(Fault.from(error), begunAt)
    } finally {
      this.#begunAt = null
    }
  }

  /** A fenced commit is no failure: a rebalance is under way, and whoever gets the partition reads the rest again. */
  #fail(fault: Fault, begunAt: number): void {
    if (fault.code !== 'fenced') {
      this.#commitFailures++
      this.#failingSince ??= begunAt
      this.#deps.onCommit(this.#deps.clock.now() - begunAt, false)
      this.#deps.onFault(fault)
    }
    this.touch()
  }
}
