import type { Random } from '@concord/contracts'

export interface BackOff {
  firstMs: number
  mostMs: number
}

/** Exponential with full jitter: anything from nothing to the bound, which doubles with each attempt. @param attempt from 1 */
export function backOff(
  attempt: number,
  random: Random,
  { firstMs, mostMs }: BackOff = { firstMs: 200, mostMs: 10_000 },
): number {
  return Math.round(random() * Math.min(mostMs, firstMs * 2 ** Math.min(attempt - 1, 30)))
}
