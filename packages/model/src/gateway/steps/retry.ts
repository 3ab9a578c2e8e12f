import { Fault, type Clock, type Random } from '@concord/contracts'
import { targetOf, type Ask, type Step } from '../ask.ts'
import type { OnGatewayEvent } from '../events.ts'

export interface RetryPolicy {
  /** Retries after the first try. */
  most: number
  /** Milliseconds: the n-th wait is a random part of `firstMs` × 2ⁿ, `mostMs` at the longest, and at least what the endpoint asks for. */
  firstMs: number
  mostMs: number
}

export const defaultRetries: RetryPolicy = { most: 3, firstMs: 250, mostMs: 8_000 }

/** Milliseconds: where another target is left, it is preferred once a try and the wait after it would take longer together. */
const patienceMs = 2_000

/** Tries again in place: few times, with full jitter, never past the deadline, and never what an earlier step has stopped. */
export function retry(
  { clock, random, policy }: { clock: Clock; random: Random; policy: RetryPolicy },
  onEvent: OnGatewayEvent,
): Step {
  return async (ask, next) => {
    for (let tries = 0; ; tries++) {
      const startedAt = clock.now()
      try {
        ask.retryAfterMs = undefined
        return await next()
      } catch (error) {
        const fault = Fault.from(error)
        const jitter = random() * Math.min(policy.mostMs, policy.firstMs * 2 ** tries)
        const afterMs = Math.max(jitter, ask.retryAfterMs ?? 0)
        const pointless = !fault.retryable || ask.stoppedBy !== null || tries >= policy.most
        if (pointless || afterMs >= mayWait(ask, startedAt, clock.now())) throw fault
        onEvent({ kind: 'retry', target: targetOf(ask).id, code: fault.code, afterMs })
        await clock.sleep(afterMs, ask.signal)
      }
    }
  }
}

function mayWait({ request, spare }: Ask, startedAt: number, now: number): number {
  const left = request.call.deadline - now
  return spare > 0 ? Math.min(left, startedAt + patienceMs - now) : left
}
