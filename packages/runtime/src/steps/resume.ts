import type { Clock } from '@concord/contracts'
import type { InRecord, OutRecord } from '@concord/messaging'
import type { ModelCallRecord } from '@concord/model'
import type { Step } from '../work.ts'

/** What an attempt leaves to the next one at the same record in this process. */
interface Left {
  /** Null when a dependency was away. */
  readonly deadline: number | null
  /** Nobody has recorded them yet. */
  readonly calls: readonly ModelCallRecord[]
  /** Nobody has stored it yet. */
  readonly outgoing: readonly OutRecord[] | null
}

/**
 * Takes a record up where its last attempt left it: with the same deadline, which runs from the first attempt, not from when the record came
 * into its queue, and begins anew when a dependency was away; and with the result, if there was one and it could not be stored. A model is not
 * asked again because of that.
 */
export function resume(clock: Clock, agentMs: number): Step {
  const waiting = new WeakMap<InRecord, Left>()
  return async (work, next) => {
    const left = waiting.get(work.record)
    work.deadline = left?.deadline ?? clock.now() + agentMs
    const { deadline } = work
    if (left !== undefined) {
      work.calls.push(...left.calls)
      work.outgoing = left.outgoing
    }
    const settled = await next()
    if (settled.kind === 'retry') {
      const { record, calls, outgoing, interrupted } = work
      waiting.set(record, { deadline: interrupted ? null : deadline, calls, outgoing })
    }
    return settled
  }
}
