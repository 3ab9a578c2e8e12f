import type { Shell } from '../shell.ts'
import type { Step } from '../work.ts'

/** How long messages wait for their turn, how long they take, and how many come to their end. */
export function measure({ deps }: Shell): Step {
  const { clock, metrics } = deps
  return async (work, next) => {
    const { topic, timestamp } = work.record
    const startedAt = clock.now()
    if (work.attempt === 1) metrics.queueWait.observe({ topic }, Math.max(0, startedAt - timestamp) / 1_000)
    const settled = await next()
    metrics.handle.observe({ topic }, (clock.now() - startedAt) / 1_000)
    if (settled.kind === 'done') metrics.handled.inc({ topic })
    return settled
  }
}
