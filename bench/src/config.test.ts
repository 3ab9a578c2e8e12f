import { expect, test } from 'vitest'
import { readConfig } from './config.ts'

test('everything is measured three times unless told otherwise', () => {
  expect(readConfig({})).toEqual({ only: new Set(['a', 'b', 'c', 'd', 'e']), rounds: 3, scale: 1 })
  expect(readConfig({ ONLY: 'c, d', ROUNDS: '1', SCALE: '0.5' })).toEqual({ only: new Set(['c', 'd']), rounds: 1, scale: 0.5 })
})

test.each([
  [{ ONLY: 'c,x' }, /ONLY names "x"\. Name parts of a, b, c, d, e/],
  [{ ROUNDS: '0' }, /ROUNDS is "0"\. Give a whole number from 1 to 20/],
  [{ ROUNDS: '2.5' }, /ROUNDS is "2.5"\. Give a whole number from 1 to 20/],
  [{ SCALE: 'much' }, /SCALE is "much"/],
])('%o is refused with its rule', (env, message) => {
  expect(() => readConfig(env)).toThrow(message)
})
