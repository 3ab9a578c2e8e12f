import { systemClock, type Clock } from '@concord/contracts'
import { checkRate, type Limiter, type Rate } from './limiter.ts'
import { createWaiters } from './waiters.ts'

/**
 * The limiter of one process: the embedded default. It is written here, not taken from bottleneck, because that has no clock port
 * and refills on its own timers; this one runs on a virtual clock. It keeps the times of the last grants, so the bound is exact.
 */
export function createLocalLimiter(rate: Rate, { clock = systemClock }: { clock?: Clock } = {}): Limiter {
  checkRate(rate)
  const waiters = createWaiters(clock.now)
  const grants: number[] = []
  let oldest = 0
  let cancelTimer: (() => void) | undefined

  const millisToNext = (): number => {
    const reused = grants[oldest]
    return grants.length < rate.permits || reused === undefined ? 0 : reused + rate.perMs - clock.now()
  }

  const record = (): void => {
    grants[oldest] = clock.now()
    oldest = (oldest + 1) % rate.permits
  }

  const drain = (): void => {
    cancelTimer?.()
    cancelTimer = undefined
    while (waiters.size > 0) {
      const wait = millisToNext()
      if (wait > 0) {
        cancelTimer = clock.after(wait, drain)
        return
      }
      record()
      waiters.serve()
    }
  }

  return {
    acquire(signal) {
      const permit = waiters.join(signal)
      if (cancelTimer === undefined) drain()
      return permit
    },
    async close() {
      cancelTimer?.()
      waiters.close()
    },
  }
}
