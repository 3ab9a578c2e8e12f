import { Fault, type Clock, type Random } from '@concord/contracts'
import type { InRecord } from '../broker.ts'
import { backOff } from './back-off.ts'
import { createBulkhead } from './bulkhead.ts'
import type { DeliveryOptions, Settled } from './delivery-options.ts'
import { createKeyQueues } from './key-queues.ts'
import type { Tenure } from './tenure.ts'

/** A record on its way through this process. */
export interface Work {
  record: InRecord
  key: string
  tenure: Tenure
  attempts: number
  firstSeenAt: number
}

/** Runs work under the bulkhead, in order per key. Work that waits for a retry holds up its key and no slot. */
export interface Dispatcher {
  add(work: readonly Work[]): void
  /** Whether work may start. */
  setOpen(open: boolean): void
  /** Forgets the work of these tenures that is not in flight. */
  withdraw(tenures: readonly Tenure[]): void
  /** Resolves when nothing of these tenures is in flight. */
  idle(tenures: readonly Tenure[]): Promise<void>
  /** Aborts what is in flight of these tenures and frees its keys at once, whether or not it heeds the signal. */
  abandon(tenures: readonly Tenure[], reason: Fault): void
  counts(): { inFlight: number; queued: number; waiting: number }
}

export interface DispatcherDeps extends Pick<DeliveryOptions, 'concurrency' | 'handle'> {
  clock: Clock
  random: Random
  onDone(work: Work): void
  onFault(fault: Fault, record: InRecord): void
}

export function createDispatcher(deps: DispatcherDeps): Dispatcher {
  const { clock, random } = deps
  const queues = createKeyQueues<Work>()
  const bulkhead = createBulkhead(deps.concurrency, pump)
  const inFlight = new Map<Work, AbortController>()
  const retries = new Map<Work, () => void>()
  const idleWaits = new Set<{ tenures: readonly Tenure[]; resolve: () => void }>()
  let open = true

  function pump(): void {
    while (open && bulkhead.running() < deps.concurrency) {
      const work = queues.take()
      if (work === undefined) return
      bulkhead.tryRun(() => run(work))
    }
  }

  async function run(work: Work): Promise<void> {
    const controller = new AbortController()
    inFlight.set(work, controller)
    work.attempts++
    const settled = await attempt(work, controller.signal)
    if (!inFlight.delete(work)) return
    settle(work, settled)
    for (const wait of idleWaits) if (isIdle(wait.tenures) && idleWaits.delete(wait)) wait.resolve()
  }

  async function attempt(work: Work, signal: AbortSignal): Promise<Settled> {
    try {
      return await deps.handle(work.record, { signal, attempt: work.attempts, firstSeenAt: work.firstSeenAt })
    } catch (error) {
      deps.onFault(Fault.from(error), work.record)
      return { kind: 'retry', afterMs: backOff(work.attempts, random) }
    }
  }

  function settle(work: Work, settled: Settled): void {
    switch (settled.kind) {
      case 'done':
        queues.finish(work.key)
        deps.onDone(work)
        return
      case 'retry':
        if (work.tenure.state === 'held') return retryLater(work, settled.afterMs)
        queues.finish(work.key)
    }
  }

  function retryLater(work: Work, afterMs: number): void {
    const again = (): void => {
      retries.delete(work)
      queues.release(work.key)
      pump()
    }
    retries.set(work, clock.after(afterMs, again))
  }

  const isIdle = (tenures: readonly Tenure[]): boolean => ![...inFlight.keys()].some((work) => tenures.includes(work.tenure))

  return {
    add(all) {
      for (const work of all) queues.add(work.key, work)
      pump()
    },
    setOpen(value) {
      open = value
      pump()
    },
    withdraw(tenures) {
      queues.remove((work) => tenures.includes(work.tenure))
      for (const [work, cancel] of retries) {
        if (!tenures.includes(work.tenure)) continue
        cancel()
        retries.delete(work)
        queues.finish(work.key)
      }
      pump()
    },
    idle: (tenures) => new Promise((resolve) => (isIdle(tenures) ? resolve() : void idleWaits.add({ tenures, resolve }))),
    abandon(tenures, reason) {
      for (const [work, controller] of inFlight) {
        if (!tenures.includes(work.tenure)) continue
        inFlight.delete(work)
        queues.finish(work.key)
        controller.abort(reason)
      }
      pump()
    },
    counts: () => ({ inFlight: bulkhead.running(), queued: queues.size(), waiting: retries.size }),
  }
}
