import { Fault, type Clock, type Random } from '@concord/contracts'
import type { InRecord } from '../broker.ts'
import { backOff } from './back-off.ts'
import { createBulkhead, type Bulkhead } from './bulkhead.ts'
import type { DeliveryOptions, Settled } from './delivery-options.ts'
import { KeyQueues } from './key-queues.ts'
import type { Tenure } from './tenure.ts'

/** A record on its way through this process. */
export interface Work {
  record: InRecord
  key: string
  tenure: Tenure
  attempts: number
  firstSeenAt: number
}

export interface DispatcherDeps extends Pick<DeliveryOptions, 'concurrency' | 'handle'> {
  clock: Clock
  random: Random
  onDone(work: Work): void
  onFault(fault: Fault, record: InRecord): void
}

/** Runs work under the bulkhead, in order per key. Work that waits for a retry holds up its key and no slot. */
export class Dispatcher {
  readonly #deps: DispatcherDeps
  readonly #queues = new KeyQueues<Work>()
  readonly #bulkhead: Bulkhead
  readonly #inFlight = new Map<Work, AbortController>()
  readonly #retries = new Map<Work, () => void>()
  readonly #idleWaits = new Set<{ tenures: readonly Tenure[]; resolve: () => void }>()
  #open = true

  constructor(deps: DispatcherDeps) {
    this.#deps = deps
    this.#bulkhead = createBulkhead(deps.concurrency, () => this.#pump())
  }

  add(all: readonly Work[]): void {
    for (const work of all) this.#queues.add(work.key, work)
    this.#pump()
  }

  /** Whether work may start. */
  setOpen(open: boolean): void {
    this.#open = open
    this.#pump()
  }

  /** Forgets the work of these tenures that is not in flight. */
  withdraw(tenures: readonly Tenure[]): void {
    this.#queues.remove((work) => tenures.includes(work.tenure))
    for (const [work, cancel] of this.#retries) {
      if (!tenures.includes(work.tenure)) continue
      cancel()
      this.#retries.delete(work)
      this.#queues.finish(work.key)
    }
    this.#pump()
  }

  /** Resolves when nothing of these tenures is in flight. */
  idle(tenures: readonly Tenure[]): Promise<void> {
    return new Promise((resolve) => {
      if (this.#isIdle(tenures)) resolve()
      else this.#idleWaits.add({ tenures, resolve })
    })
  }

  /** Aborts what is in flight of these tenures and frees its keys at once, whether or not it heeds the signal. */
  abandon(tenures: readonly Tenure[], reason: Fault): void {
    for (const [work, controller] of this.#inFlight) {
      if (!tenures.includes(work.tenure)) continue
      this.#inFlight.delete(work)
      this.#queues.finish(work.key)
      controller.abort(reason)
    }
    this.#notifyIdle()
    this.#pump()
  }

  counts(): { inFlight: number; queued: number; waiting: number } {
    return { inFlight: this.#bulkhead.running(), queued: this.#queues.size(), waiting: this.#retries.size }
  }

  #pump(): void {
    while (this.#open && this.#bulkhead.running() < this.#deps.concurrency) {
      const work = this.#queues.take()
      if (work === undefined) return
      this.#bulkhead.tryRun(() => this.#run(work))
    }
  }

  async #run(work: Work): Promise<void> {
    const controller = new AbortController()
    this.#inFlight.set(work, controller)
    work.attempts++
    const settled = await this.#attempt(work, controller.signal)
    const abandoned = !this.#inFlight.delete(work)
    if (abandoned) return
    this.#settle(work, settled)
    this.#notifyIdle()
  }

  async #attempt(work: Work, signal: AbortSignal): Promise<Settled> {
    const { handle, onFault, random } = this.#deps
    try {
      return await handle(work.record, { signal, attempt: work.attempts, firstSeenAt: work.firstSeenAt })
    } catch (error) {
      onFault(Fault.from(error), work.record)
      return { kind: 'retry', afterMs: backOff(work.attempts, random) }
    }
  }

  #settle(work: Work, settled: Settled): void {
    switch (settled.kind) {
      case 'done':
        this.#queues.finish(work.key)
        this.#deps.onDone(work)
        return
      case 'retry':
        if (work.tenure.state === 'held') this.#retryLater(work, settled.afterMs)
        else this.#queues.finish(work.key)
    }
  }

  #retryLater(work: Work, afterMs: number): void {
    const again = (): void => {
      this.#retries.delete(work)
      this.#queues.release(work.key)
      this.#pump()
    }
    this.#retries.set(work, this.#deps.clock.after(afterMs, again))
  }

  #isIdle(tenures: readonly Tenure[]): boolean {
    return ![...this.#inFlight.keys()].some((work) => tenures.includes(work.tenure))
  }

  #notifyIdle(): void {
    for (const wait of this.#idleWaits) {
      if (!this.#isIdle(wait.tenures)) continue
      this.#idleWaits.delete(wait)
      wait.resolve()
    }
  }
}
