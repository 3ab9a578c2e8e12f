/** The limiter port. Adapters: `local.ts` and `redis.ts`. Both pass `testLimiter`. */

import { Fault } from '@concord/contracts'

/** At most `permits` in any span of `perMs` milliseconds, wherever the span begins: no double burst where two windows meet. */
export interface Rate {
  permits: number
  perMs: number
}

export interface Limiter {
  /** Waits for a permit, first come first served; resolves to the milliseconds waited; rejects with the signal's reason. */
  acquire(signal: AbortSignal): Promise<number>
  /** Rejects whoever still waits. */
  close(): Promise<void>
}

export const perSecond = (permits: number): Rate => ({ permits, perMs: 1_000 })

/** Longer than this and a timer of Node's would fire at once. */
const LONGEST_MS = 2 ** 31 - 1_000_000

/** Throws `invalid_config` for a rate that no limiter can keep. */
export function checkRate({ permits, perMs }: Rate): void {
  const valid = Number.isInteger(permits) && permits >= 1 && Number.isInteger(perMs) && perMs >= 1 && perMs <= LONGEST_MS
  if (valid) return
  throw new Fault('invalid_config', `a rate of ${permits} permits per ${perMs} ms cannot be kept.`, {
    mend: 'Give whole numbers of at least 1; for less than one a second, a longer time.',
  })
}
