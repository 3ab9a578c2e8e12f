import { Fault } from '@concord/contracts'

/** Those who wait for a permit, in order of arrival. One whose signal aborts leaves at once. */
export interface Waiters {
  readonly size: number
  /** Resolves to the milliseconds waited. */
  join(signal: AbortSignal): Promise<number>
  /** Lets the first one go; false when nobody waits. */
  serve(): boolean
  rejectAll(reason: Error): void
  /** Rejects all, now and from now on. */
  close(): void
}

interface Waiter {
  resolve(): void
  reject(reason: unknown): void
}

/** @param now milliseconds, of any epoch. */
export function createWaiters(now: () => number): Waiters {
  const waiters = new Set<Waiter>()
  let closed = false

  const rejectAll = (reason: Error): void => {
    for (const waiter of waiters) waiter.reject(reason)
  }

  return {
    get size() {
      return waiters.size
    },
    join(signal) {
      if (signal.aborted) return Promise.reject(signal.reason)
      if (closed) return Promise.reject(closedFault())
      const since = now()
      return new Promise((resolve, reject) => {
        const leave = () => {
          waiters.delete(waiter)
          signal.removeEventListener('abort', onAbort)
        }
        const onAbort = () => waiter.reject(signal.reason)
        const waiter: Waiter = {
          resolve: () => (leave(), resolve(Math.max(0, now() - since))),
          reject: (reason) => (leave(), reject(reason)),
        }
        waiters.add(waiter)
        signal.addEventListener('abort', onAbort, { once: true })
      })
    },
    serve() {
      const [first] = waiters
      first?.resolve()
      return first !== undefined
    },
    rejectAll,
    close() {
      closed = true
      rejectAll(closedFault())
    },
  }
}

const closedFault = () => new Fault('aborted', 'the limiter is closed', { retryable: true })
