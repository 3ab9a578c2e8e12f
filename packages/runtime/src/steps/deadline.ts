import { until } from '../signal.ts'
import { skipped } from '../settle.ts'
import type { Shell } from '../shell.ts'
import { messageOf, type Step } from '../work.ts'

/** From here to the end of the handling, time is bounded by the agent's deadline and the case's. A case whose time is over needs nothing. */
export function deadline(shell: Shell): Step {
  const { clock } = shell.deps
  return async (work, next) => {
    const { envelope } = messageOf(work)
    if (envelope.deadline <= clock.now()) return skipped(shell, work, 'late')
    work.deadline = Math.min(work.deadline, envelope.deadline)
    const outer = work.signal
    using bounded = until(work.deadline, outer, clock)
    work.signal = bounded.signal
    try {
      return await next()
    } finally {
      work.signal = outer
    }
  }
}
