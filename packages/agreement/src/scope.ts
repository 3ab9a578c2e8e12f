import type { Claim } from '@concord/contracts'

type Extent = Pick<Claim, 'scope' | 'validFrom' | 'validUntil'>

/** Whether some case falls under both claims: no scope key has two values, and their validity meets. */
export function overlap(a: Extent, b: Extent): boolean {
  const sameScope = Object.entries(a.scope).every(([key, value]) => b.scope[key] === undefined || alike(b.scope[key], value))
  const from = Math.max(a.validFrom ?? -Infinity, b.validFrom ?? -Infinity)
  const until = Math.min(a.validUntil ?? Infinity, b.validUntil ?? Infinity)
  return sameScope && from < until
}

/** Whether `a` speaks of fewer cases than `b`: it has every scope key of `b`, with the same value, and more. */
export function narrower(a: Extent, b: Extent): boolean {
  const keys = Object.entries(b.scope)
  return keys.every(([key, value]) => alike(a.scope[key], value)) && Object.keys(a.scope).length > keys.length
}

/** Whether a claim holds at that time; milliseconds since the epoch. */
export function holdsAt({ validFrom, validUntil }: Pick<Claim, 'validFrom' | 'validUntil'>, now: number): boolean {
  return (validFrom ?? -Infinity) <= now && now < (validUntil ?? Infinity)
}

/** Scopes are names, so case and outer space make no difference. */
const alike = (a: string | undefined, b: string): boolean => a?.trim().toLowerCase() === b.trim().toLowerCase()
