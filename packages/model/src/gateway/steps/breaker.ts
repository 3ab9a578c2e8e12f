import { Fault, type Clock } from '@concord/contracts'
import { targetOf, type Step } from '../ask.ts'
import type { Breakers, Pass } from '../breakers.ts'
import type { OnGatewayEvent } from '../events.ts'

/** Milliseconds: a call that its message's deadline cuts off after so long counts against the target. */
const longEnoughMs = 5_000

/** Sends nothing to a target that mostly fails, and counts how each request ends. */
export function breaker(breakers: Breakers | undefined, clock: Clock, onEvent: OnGatewayEvent): Step {
  return async (ask, next) => {
    if (breakers === undefined) return next()
    const { id } = targetOf(ask)
    const pass = breakers.enter(id)
    ask.breaker = breakers.state(id)
    if (pass === null) {
      ask.stoppedBy = 'breaker'
      onEvent({ kind: 'stopped', target: id, by: 'breaker' })
      throw new Fault('model_unavailable', `the breaker of ${id} is ${ask.breaker}.`, { retryable: true })
    }
    const startedAt = clock.now()
    try {
      const answer = await next()
      pass.succeeded()
      return answer
    } catch (error) {
      conclude(pass, Fault.from(error), clock.now() - startedAt)
      throw error
    }
  }
}

function conclude(pass: Pass, { code }: Fault, tookMs: number): void {
  const failed =
    code === 'model_unavailable' || code === 'model_rate_limited' || (code === 'deadline_exceeded' && tookMs >= longEnoughMs)
  if (failed) pass.failed()
  else pass.unknown()
}
