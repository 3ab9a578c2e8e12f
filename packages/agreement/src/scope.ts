import type { Claim } from '@concord/contracts'

type Extent = Pick<Claim, 'scope' | 'validFrom' | 'validUntil'>

/** Whether some case falls under both claims: no scope key has two values, and their validity meets. */
export function overlap(a: Extent, b: Extent): boolean {
  const sameScope = Object.entries(a.scope).every(([key, value]) => b.scope[key] === undefined || b.scope[key] === value)
  const from = Math.max(a.validFrom ?? -Infinity, b.validFrom ?? -Infinity)
  const until = Math.min(a.validUntil ?? Infinity, b.validUntil ?? Infinity)
  return sameScope && from < until
}

/** Whether `a` speaks of fewer cases than `b`: it has every scope key of `b`, with the same value, and more. */
export function narrower(a: Extent, b: Extent): boolean {
  const keys = Object.entries(b.scope)
  return keys.every(([key, value]) => a.scope[key] === value) && Object.keys(a.scope).length > keys.length
}
