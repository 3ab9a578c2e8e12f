import type { Clock } from '@concord/contracts'
import { createTimerHeap } from './timer-heap.ts'

/** A clock that stands still until told to move, by whole milliseconds. Timers fire in order of time, then of creation. */
export interface VirtualClock extends Clock {
  /** Fires the timers of so many milliseconds, each with all that follows from it. */
  advance(ms: number): Promise<void>
  /** Lets all happen that is due now, then moves to the next timer, whenever that is, and fires it. @returns false where there is none. */
  step(): Promise<boolean>
}

/** @param start milliseconds since the epoch; the default is 2026-01-01T00:00:00Z. */
export function createVirtualClock(start = Date.UTC(2026, 0, 1)): VirtualClock {
  const timers = createTimerHeap()
  let now = start

  const after = (ms: number, run: () => void): (() => void) => timers.add(now + Math.max(0, Math.ceil(ms)), run)

  const fireNext = (until: number): boolean => {
    const timer = timers.takeUntil(until)
    if (timer === undefined) return false
    now = timer.at
    timer.run()
    return true
  }

  return {
    now: () => now,
    after,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason)
        const onAbort = (): void => (cancel(), reject(signal?.reason))
        const cancel = after(ms, () => (signal?.removeEventListener('abort', onAbort), resolve()))
        signal?.addEventListener('abort', onAbort, { once: true })
      }),
    async advance(ms) {
      const until = now + ms
      do await settle()
      while (fireNext(until))
      now = until
    },
    async step() {
      await settle()
      return fireNext(Infinity)
    },
  }
}

/** Lets every promise reaction that is already due run, and those that follow from them. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
