import { expect, test } from 'vitest'
import { tokensAtLeast } from './tokens.ts'

test('the count is low enough for the most compact text', () => {
  expect(tokensAtLeast('')).toBe(0)
  expect(tokensAtLeast('internationalisation '.repeat(8))).toBe(21)
})
