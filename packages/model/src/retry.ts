/** Retries in place: few, with full jitter, never past the deadline. */
import type { Clock, Random } from '@concord/contracts'
import { classifyError } from './classify-error.ts'

export interface RetryPolicy {
  /** Retries after the first try. */
  most: number
  /** Milliseconds: the n-th wait is a random part of `firstMs` × 2ⁿ, `mostMs` at the longest, and at least what the endpoint asks for. */
  firstMs: number
  mostMs: number
}

export const defaultRetries: RetryPolicy = { most: 3, firstMs: 250, mostMs: 8_000 }

/** Runs `attempt` until it succeeds, fails for good, or the next wait would pass `deadline`; rejects with its last Fault. */
export async function retrying<T>(
  attempt: () => Promise<T>,
  {
    clock,
    random,
    policy,
    deadline,
    signal,
  }: { clock: Clock; random: Random; policy: RetryPolicy; deadline: number; signal: AbortSignal },
): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await attempt()
    } catch (error) {
      const { fault, retryAfterMs } = classifyError(error, clock.now())
      const jitter = random() * Math.min(policy.mostMs, policy.firstMs * 2 ** tries)
      const wait = Math.max(jitter, retryAfterMs ?? 0)
      if (!fault.retryable || tries >= policy.most || clock.now() + wait >= deadline) throw fault
      await clock.sleep(wait, signal)
    }
  }
}
