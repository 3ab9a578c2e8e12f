import fc from 'fast-check'
import { expect, test } from 'vitest'
import { backOff } from './back-off.ts'

const bounds = { firstMs: 200, mostMs: 10_000 }
const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })

test('a wait is anything from nothing to its bound, and the bound doubles up to the cap', () => {
  const boundOf = (attempt: number) => backOff(attempt, () => 1 - Number.EPSILON, bounds)
  expect([1, 2, 3, 4, 5, 6, 7, 8, 1_000].map(boundOf)).toEqual([200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000, 10_000])
  expect(backOff(5, () => 0, bounds)).toBe(0)
  expect(backOff(5, () => 0.5, bounds)).toBe(1_600)
})

test('whatever the attempt and the chance, a wait is a whole number of milliseconds within the cap', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 31 }), chance, (attempt, random) => {
      const wait = backOff(attempt, () => random, bounds)
      return Number.isInteger(wait) && wait >= 0 && wait <= Math.min(10_000, 200 * 2 ** (attempt - 1))
    }),
  )
})

test('the chance is spread evenly over the whole range', () => {
  const waits = Array.from({ length: 1_000 }, (_, at) => backOff(4, () => at / 1_000, bounds))
  const quarters = [0, 400, 800, 1_200].map((from) => waits.filter((wait) => wait >= from && wait < from + 400).length)
  for (const quarter of quarters) expect(Math.abs(quarter - 250)).toBeLessThanOrEqual(2)
})
