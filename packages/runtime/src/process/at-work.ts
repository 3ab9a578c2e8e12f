import type { Clock } from '@concord/contracts'

/** Counts what is at work, so that somebody can wait for the end of it. */
export interface AtWork {
  during<T>(work: () => Promise<T>): Promise<T>
  /** Resolves when nothing is at work, or after `ms`. */
  idle(clock: Clock, ms: number): Promise<void>
}

export function createAtWork(): AtWork {
  let running = 0
  let waiting: (() => void)[] = []
  return {
    async during(work) {
      running++
      try {
        return await work()
      } finally {
        if (--running === 0) {
          for (const wake of waiting) wake()
          waiting = []
        }
      }
    },
    async idle(clock, ms) {
      if (running === 0) return
      const { promise, resolve } = Promise.withResolvers<void>()
      waiting.push(resolve)
      const cancel = clock.after(ms, resolve)
      await promise
      cancel()
    },
  }
}
