import { Fault, type Clock } from '@concord/contracts'
import type { Commit } from '../broker.ts'
import { dueCommit, type Tenure } from './tenure.ts'

export interface CommitterDeps {
  clock: Clock
  intervalMs: number
  tenures: () => readonly Tenure[]
  commit: (commits: Commit[]) => Promise<void>
  onFault: (fault: Fault) => void
}

/** Commits what is done: some time after something is, one commit at a time, never for an ended tenure. */
export class Committer {
  readonly #deps: CommitterDeps
  #cancel: (() => void) | undefined
  #last: Promise<void> = Promise.resolve()
  #commits = 0
  #commitFailures = 0
  #failingSince: number | null = null
  #stopped = false

  constructor(deps: CommitterDeps) {
    this.#deps = deps
  }

  /** Something is done: commit within the interval. */
  touch(): void {
    if (this.#stopped) return
    this.#cancel ??= this.#deps.clock.after(this.#deps.intervalMs, () => {
      this.#cancel = undefined
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

  /** Since when every commit has failed, or null. */
  failingSince(): number | null {
    return this.#failingSince
  }

  async #commitDue(tenures: readonly Tenure[]): Promise<void> {
    const due = tenures.map(dueCommit).filter((one) => one !== null)
    if (due.length === 0) return
    try {
      await this.#deps.commit(due.map((one) => one.commit))
      for (const one of due) one.committed()
      this.#commits++
      this.#failingSince = null
    } catch (error) {
      this.#fail(Fault.from(error))
    }
  }

  /** A fenced commit is no failure: a rebalance is under way, and whoever gets the partition reads the rest again. */
  #fail(fault: Fault): void {
    if (fault.code !== 'fenced') {
      this.#commitFailures++
      this.#failingSince ??= this.#deps.clock.now()
      this.#deps.onFault(fault)
    }
    this.touch()
  }
}
