import { expect, test } from 'vitest'
import { duration } from './ages.ts'

test.each([
  [0, '0 ms'],
  [999, '999 ms'],
  [3.4, '3 ms'],
  [1_000, '1 s'],
  [1_550, '1.6 s'],
  [59_999, '59 s'],
  [90_000, '1.5 min'],
  [7_200_000, '2 h'],
  [86_400_000 * 12, '12 d'],
])('%d ms are %s', (ms, text) => {
  expect(duration(ms)).toBe(text)
})
