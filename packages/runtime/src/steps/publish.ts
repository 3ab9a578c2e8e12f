import type { Shell } from '../shell.ts'
import type { Step } from '../work.ts'

/** Resolves past here only when the broker has acknowledged everything. */
export function publish({ deps, sender }: Shell): Step {
  return async (work, next) => {
    const outgoing = work.outgoing ?? []
    await sender.send(outgoing)
    for (const { topic } of outgoing) deps.metrics.published.inc({ topic })
    return next()
  }
}
