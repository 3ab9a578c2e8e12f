import type { Clock } from '@concord/contracts'

interface Timer {
  at: number
  order: number
  run: () => void
}

/** A clock that stands still until told to move. `advance` fires the timers on the way, in order of time, then of creation. */
export interface VirtualClock extends Clock {
  advance(ms: number): Promise<void>
}

/** @param start milliseconds since the epoch; the default is 2026-01-01T00:00:00Z. */
export function createVirtualClock(start = Date.UTC(2026, 0, 1)): VirtualClock {
  const timers = new Set<Timer>()
  let now = start
  let created = 0

  const after = (ms: number, run: () => void): (() => void) => {
    const timer = { at: now + Math.max(0, ms), order: created++, run }
    timers.add(timer)
    return () => void timers.delete(timer)
  }

  const earliest = (until: number): Timer | undefined =>
    [...timers].filter((timer) => timer.at <= until).sort((a, b) => a.at - b.at || a.order - b.order)[0]

  return {
    now: () => now,
    after,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason)
        const cancel = after(ms, resolve)
        signal?.addEventListener('abort', () => (cancel(), reject(signal.reason)), { once: true })
      }),
    async advance(ms) {
      const until = now + ms
      for (await settle(); ; await settle()) {
        const timer = earliest(until)
        if (timer === undefined) break
        timers.delete(timer)
        now = timer.at
        timer.run()
      }
      now = until
    },
  }
}

/** Lets every promise reaction that is already due run. */
async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
}
