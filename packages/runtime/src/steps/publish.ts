import type { Shell } from '../shell.ts'
import type { Step } from '../work.ts'

/**
 * Resolves past here only when the broker has acknowledged everything. Publishes nothing for a record that may be another member's by now: what
 * is remembered goes out when it is known to be this member's, or from there.
 */
export function publish({ deps, sender }: Shell): Step {
  return async (work, next) => {
    const outgoing = work.outgoing ?? []
    work.assertOwned()
    await sender.send(outgoing)
    for (const { topic } of outgoing) deps.metrics.published.inc({ topic })
    return next()
  }
}
