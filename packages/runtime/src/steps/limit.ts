import type { Limiter } from '../limiter/index.ts'
import type { Shell } from '../shell.ts'
import type { Step } from '../work.ts'

/** Waits for a permit, as long as the deadline allows. */
export function limit({ deps }: Shell, limiter: Limiter): Step {
  return async (work, next) => {
    const waitedMs = await limiter.acquire(work.signal)
    deps.metrics.limiterWait.observe(waitedMs / 1_000)
    return next()
  }
}
