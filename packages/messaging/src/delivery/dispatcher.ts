import { Fault, type Clock, type Random } from '@concord/contracts'
import type { InRecord } from '../broker.ts'
import { backOff } from './back-off.ts'
import { createBulkhead, type Bulkhead } from './bulkhead.ts'
import type { DeliveryOptions, Settled } from './delivery-options.ts'
import { KeyQueues } from './key-queues.ts'
import type { Tenure, Work } from './tenure.ts'

export interface DispatcherDeps extends Pick<DeliveryOptions, 'concurrency' | 'handle'> {
  clock: Clock
  random: Random
  /** @throws Fault `fenced` when the tenure's partition may be another member's by now. */
  assertOwned(tenure: Tenure): void
  onDone(work: Work): void
  onFault(fault: Fault, record: InRecord): void
}

/** Why nothing may start: the owner's wish, or a rebalance whose outcome is open. */
export type Hold = 'paused' | 'rebalance'

interface Attempt {
  controller: AbortController
  /** Gives the place in the bulkhead back. */
  leave: () => void
}

/** Runs work under the bulkhead, in order per key. Work that waits for a retry holds up its key and no slot. */
export class Dispatcher {
  readonly #deps: DispatcherDeps
  readonly #queues = new KeyQueues<Work>()
  readonly #bulkhead: Bulkhead
  readonly #inFlight = new Map<Work, Attempt>()
  readonly #retries = new Map<Work, () => void>()
  readonly #idleWaits = new Set<{ tenures: ReadonlySet<Tenure>; resolve: () => void }>()
  readonly #holds = new Set<Hold>()

  constructor(deps: DispatcherDeps) {
    this.#deps = deps
    this.#bulkhead = createBulkhead(deps.concurrency, () => this.#pump())
  }

  add(all: readonly Work[]): void {
    for (const work of all) this.#queues.add(work.key, work)
    this.#pump()
  }

  hold(why: Hold): void {
    this.#holds.add(why)
  }

  release(why: Hold): void {
    this.#holds.delete(why)
    this.#pump()
  }

  /** Forgets all work of these tenures. What is in flight is aborted, and frees its slot and its key at once, whether or not it heeds that. */
  abandon(tenures: readonly Tenure[], reason: Fault): void {
    const ended = new Set(tenures)
    this.#queues.remove((work) => ended.has(work.tenure))
    for (const [work, cancel] of this.#retries) {
      if (!ended.has(work.tenure)) continue
      cancel()
      this.#retries.delete(work)
      this.#queues.finish(work.key)
    }
    for (const [work, { controller, leave }] of this.#inFlight) {
      if (!ended.has(work.tenure)) continue
      this.#inFlight.delete(work)
      this.#queues.finish(work.key)
      controller.abort(reason)
      leave()
    }
    this.#notifyIdle()
    this.#pump()
  }

  /** Resolves when nothing of these tenures is in flight. */
  idle(tenures: readonly Tenure[]): Promise<void> {
    const wanted = new Set(tenures)
    return new Promise((resolve) => {
      if (this.#isIdle(wanted)) resolve()
      else this.#idleWaits.add({ tenures: wanted, resolve })
    })
  }

  /** Tells work to end. What waits for a retry is tried at once; every attempt from now on starts aborted, and its handler says what follows. */
  cancel(work: Work, fault: Fault): void {
    if (work.cancelled !== null) return
    work.cancelled = { fault, at: this.#deps.clock.now(), heeded: false }
    this.#inFlight.get(work)?.controller.abort(fault)
    const stopWaiting = this.#retries.get(work)
    if (stopWaiting === undefined) return
    stopWaiting()
    this.#again(work)
  }

  counts(): { inFlight: number; queued: number; waiting: number } {
    return { inFlight: this.#inFlight.size, queued: this.#queues.size(), waiting: this.#retries.size }
  }

  #pump(): void {
    while (this.#holds.size === 0 && this.#queues.hasReady()) {
      const leave = this.#bulkhead.tryEnter()
      if (leave === null) return
      const work = this.#queues.take()
      if (work === undefined) return leave()
      void this.#run(work, leave)
    }
  }

  async #run(work: Work, leave: () => void): Promise<void> {
    const controller = new AbortController()
    if (work.cancelled !== null) controller.abort(work.cancelled.fault)
    this.#inFlight.set(work, { controller, leave })
    work.attempts++
    work.firstTriedAt ??= this.#deps.clock.now()
    const settled = await this.#attempt(work, controller.signal)
    if (work.cancelled !== null) work.cancelled.heeded = true
    const abandoned = !this.#inFlight.delete(work)
    if (abandoned) return
    this.#settle(work, settled)
    leave()
    this.#notifyIdle()
  }

  async #attempt(work: Work, signal: AbortSignal): Promise<Settled> {
    const { handle, onFault, random, assertOwned } = this.#deps
    const { record, tenure, attempts, firstSeenAt } = work
    try {
      return await handle(record, { signal, attempt: attempts, firstSeenAt, assertOwned: () => assertOwned(tenure) })
    } catch (error) {
      onFault(Fault.from(error), record)
      return { kind: 'retry', afterMs: backOff(attempts, random) }
    }
  }

  #settle(work: Work, settled: Settled): void {
    switch (settled.kind) {
      case 'done':
        this.#queues.finish(work.key)
        this.#deps.onDone(work)
        return
      case 'retry':
        this.#retries.set(
          work,
          this.#deps.clock.after(settled.afterMs, () => this.#again(work)),
        )
    }
  }

  #again(work: Work): void {
    this.#retries.delete(work)
    this.#queues.release(work.key)
    this.#pump()
  }

  #isIdle(tenures: ReadonlySet<Tenure>): boolean {
    for (const { tenure } of this.#inFlight.keys()) if (tenures.has(tenure)) return false
    return true
  }

  #notifyIdle(): void {
    for (const wait of this.#idleWaits) {
      if (!this.#isIdle(wait.tenures)) continue
      this.#idleWaits.delete(wait)
      wait.resolve()
    }
  }
}
