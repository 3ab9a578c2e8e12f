import { expect, test } from 'vitest'
import { costMicros } from './prices.ts'

const use = { inputTokens: 1000, cachedInputTokens: 400, outputTokens: 50 }

test('cost counts cached tokens at their own price', () => {
  expect(costMicros(use, { input: 3, cachedInput: 0.3, output: 15 })).toBe(600 * 3 + 400 * 0.3 + 50 * 15)
})

test('cached tokens cost as much as others where the book does not say', () => {
  expect(costMicros(use, { input: 3, output: 15 })).toBe(3750)
})

test('cost is a whole number of millionths, and unknown without a price', () => {
  expect(costMicros({ inputTokens: 1, cachedInputTokens: 0, outputTokens: 0 }, { input: 0.15, output: 1 })).toBe(0)
  expect(costMicros(use, undefined)).toBeNull()
})
