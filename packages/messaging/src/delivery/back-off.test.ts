import { expect, test } from 'vitest'
import { backOff } from './back-off.ts'

test('the wait doubles up to ten seconds', () => {
  expect([1, 2, 3, 6, 7, 50].map((attempt) => backOff(attempt, () => 1))).toEqual([200, 400, 800, 6_400, 10_000, 10_000])
})

test('chance takes half of it away at most', () => {
  expect(backOff(1, () => 0)).toBe(100)
})
