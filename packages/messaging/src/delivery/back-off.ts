import type { Random } from '@concord/contracts'

const firstMs = 200
const mostMs = 10_000

/** Milliseconds to wait after the attempt of that number (from 1): doubles from 0.2 s up to 10 s, between half and all of it by chance. */
export function backOff(attempt: number, random: Random): number {
  const whole = Math.min(mostMs, firstMs * 2 ** (attempt - 1))
  return Math.round((whole * (1 + random())) / 2)
}
