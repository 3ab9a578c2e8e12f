/** Between JSON and CEL, which tells integers (bigint here) from doubles, and knows timestamps. */

/** JSON as CEL sees it: whole numbers are ints, so that `loan.fee > 5000` and `loan.fee + 1` mean what they say. */
export function toCel(value: unknown): unknown {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value
  if (Array.isArray(value)) return value.map(toCel)
  if (value === null || typeof value !== 'object' || value instanceof Date) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, toCel(member)]))
}

/** What an expression yielded, as JSON: ints as numbers, timestamps in ISO 8601. */
export function fromCel(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value)
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return value.map(fromCel)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, fromCel(member)]))
}

/** Milliseconds since the epoch of a timestamp or an ISO 8601 string. @throws TypeError for anything else. */
export function instantOf(value: unknown): number {
  const instant = value instanceof Date ? value.getTime() : typeof value === 'string' ? Date.parse(value) : Number.NaN
  if (Number.isNaN(instant)) throw new TypeError('no timestamp and no ISO 8601 date')
  return instant
}

/** @throws TypeError for what is no number. */
export function numberOf(value: unknown): number {
  if (typeof value === 'bigint') return Number(value)
  if (typeof value === 'number') return value
  throw new TypeError('no number')
}
