/** Whether two typed values can both hold. Pure; every function is total. */
import type { ClaimValue, Predicate } from '@concord/contracts'

/** @returns true when one subject can have both values at once, by the predicate's way of comparing. */
export function compatible(a: ClaimValue, b: ClaimValue, predicate: Pick<Predicate, 'compare' | 'tolerance'>): boolean {
  switch (predicate.compare) {
    case 'any':
      return true
    case 'overlap':
      return overlapping(a, b)
    case 'tolerance':
      return sameValue(a, b) || withinTolerance(a, b, predicate.tolerance)
    case 'equal':
      return sameValue(a, b)
  }
}

/** Equality that knows units: a week is seven days, a month is 28 to 31 of them. */
export function sameValue(a: ClaimValue, b: ClaimValue): boolean {
  if (a.kind !== b.kind) return false
  switch (a.kind) {
    case 'boolean':
      return a.boolean === b.boolean
    case 'quantity':
      return a.number === b.number && sameUnit(a.unit, b.unit)
    case 'money':
      return a.minor === b.minor && a.currency === b.currency
    case 'date':
      return sameDate(a.date, b.date)
    case 'duration':
      return intersect(durationInDays(a.number, a.unit), durationInDays(b.number, b.unit))
    case 'range':
      return sameRange(a, b)
    case 'text':
      return normalised(a.text) === normalised(b.text)
    case 'set':
      return sameItems(a.items ?? [], b.items ?? [])
    default:
      return false
  }
}

export type Interval = readonly [low: number, high: number]

/** Days of so many months: the shortest that follow each other, and the longest. */
const shortestMonths = [0, 28, 59, 89, 120, 150, 181, 212, 242, 273, 303, 334]
const longestMonths = [0, 31, 62, 92, 123, 153, 184, 215, 245, 276, 306, 337]

/**
 * Days that a duration may take, as an interval: months and years vary, and `n` business days take
 * from `n` days (none of them a weekend) to `n * 7 / 5 + 2`.
 */
export function durationInDays(number: number | null, unit: string | null): Interval | null {
  if (number === null) return null
  switch (unit) {
    case 'minute':
      return [number / 1440, number / 1440]
    case 'hour':
      return [number / 24, number / 24]
    case 'day':
      return [number, number]
    case 'business_day':
      return [number, (number * 7) / 5 + 2]
    case 'week':
      return [number * 7, number * 7]
    case 'month':
      return monthsInDays(number)
    case 'year':
      return [number * 365, number * 366]
    default:
      return null
  }
}

/** Twelve months are a year, not twelve times the shortest month. */
function monthsInDays(number: number): Interval {
  const years = Math.trunc(number / 12)
  const rest = number - 12 * years
  return [years * 365 + (shortestMonths[rest] ?? rest * 28), years * 366 + (longestMonths[rest] ?? rest * 31)]
}

function intersect(a: Interval | null, b: Interval | null): boolean {
  return a !== null && b !== null && a[0] <= b[1] && b[0] <= a[1]
}

function overlapping(a: ClaimValue, b: ClaimValue): boolean {
  if (a.kind !== b.kind) return false
  if (a.kind === 'set')
    return (a.items ?? []).some((item) => (b.items ?? []).some((other) => normalised(item) === normalised(other)))
  if (a.kind === 'range' && sameUnit(a.unit, b.unit)) return intersect(interval(a), interval(b))
  if (a.kind === 'range') return intersect(intervalInDays(a), intervalInDays(b))
  return sameValue(a, b)
}

const interval = (value: ClaimValue): Interval => [value.min ?? -Infinity, value.max ?? Infinity]

/** Null where the unit is none of time. */
function intervalInDays({ min, max, unit }: ClaimValue): Interval | null {
  if (durationInDays(0, unit) === null) return null
  return [durationInDays(min, unit)?.[0] ?? -Infinity, durationInDays(max, unit)?.[1] ?? Infinity]
}

/** One to two weeks are 7 to 14 days. */
function sameRange(a: ClaimValue, b: ClaimValue): boolean {
  if (sameUnit(a.unit, b.unit)) return a.min === b.min && a.max === b.max
  const same = (x: number | null, y: number | null) =>
    x === null || y === null ? x === y : intersect(durationInDays(x, a.unit), durationInDays(y, b.unit))
  return same(a.min, b.min) && same(a.max, b.max)
}

function withinTolerance(a: ClaimValue, b: ClaimValue, tolerance: number): boolean {
  const [x, y] = [magnitude(a), magnitude(b)]
  if (x === null || y === null || x.unit !== y.unit) return false
  return Math.abs(x.size - y.size) <= tolerance * Math.max(Math.abs(x.size), Math.abs(y.size))
}

/** Size in a unit that values of one kind share; null for kinds without a size. */
function magnitude(value: ClaimValue): { size: number; unit: string } | null {
  switch (value.kind) {
    case 'quantity':
      return value.number === null ? null : { size: value.number, unit: unitName(value.unit) }
    case 'money':
      return value.minor === null ? null : { size: value.minor, unit: value.currency ?? '' }
    case 'duration': {
      const days = durationInDays(value.number, value.unit)
      return days === null ? null : { size: (days[0] + days[1]) / 2, unit: 'day' }
    }
    default:
      return null
  }
}

const normalised = (text: string | null): string => (text ?? '').trim().toLowerCase().replaceAll(/\s+/g, ' ')

/** `business_day`, `Business days` and `working days` are one unit. */
const unitName = (unit: string | null): string =>
  normalised(unit)
    .replaceAll('_', ' ')
    .replace(/^working /, 'business ')
    .replace(/(?<=..)s$/, '')

const sameUnit = (a: string | null, b: string | null): boolean => unitName(a) === unitName(b)

/** A date without a time is compared by the day alone. */
function sameDate(a: string | null, b: string | null): boolean {
  if (a === null || b === null) return false
  const dayOnly = a.length <= 10 || b.length <= 10
  return dayOnly ? a.slice(0, 10) === b.slice(0, 10) : Date.parse(a) === Date.parse(b)
}

function sameItems(a: string[], b: string[]): boolean {
  const left = new Set(a.map(normalised))
  const right = new Set(b.map(normalised))
  return left.size === right.size && [...left].every((item) => right.has(item))
}
