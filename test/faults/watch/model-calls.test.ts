import { expect, test } from 'vitest'
import { newCalls } from './model-calls.ts'

const calls = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => ({ promptHash: `p${(from + at) % 97}` }))

test.each([
  ['the first look', 0, 0, 0, 3],
  ['nothing new', 0, 120, 0, 120],
  ['a few more', 0, 120, 0, 125],
  ['the oldest dropped', 0, 120, 30, 150],
  ['few before', 0, 5, 0, 9],
  ['all of it new', 0, 60, 300, 310],
])('%s', (_, a, b, c, d) => {
  expect(newCalls(calls(a, b), calls(c, d))).toEqual(calls(Math.max(b, c), d))
})
