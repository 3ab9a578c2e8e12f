import { expect, test } from 'vitest'
import type { Signs } from './fit.ts'
import { inScope, learnScope, usualScope } from './scope.ts'

const near = (n: number): Signs => [0.6 + 0.04 * (n % 10), 0.5 + 0.02 * (n % 7), 0.8 + 0.02 * (n % 9)]
const far = (n: number): Signs => [-0.4 + 0.05 * (n % 10), 0.1 + 0.03 * (n % 7), 0.3 + 0.04 * (n % 9)]
const many = (make: (n: number) => Signs, length: number) => Array.from({ length }, (_, n) => make(n))

test('what looks like the inside is in scope, what looks like the outside is not', () => {
  const scope = learnScope(many(near, 900), many(far, 90))
  expect(Math.min(...many(near, 30).map((signs) => inScope(scope, signs)))).toBeGreaterThan(0.9)
  expect(Math.max(...many(far, 30).map((signs) => inScope(scope, signs)))).toBeLessThan(0.1)
})

test('a sign that misleads counts nothing, rather than against', () => {
  const inside = many((n) => [0.1, 0.6 + 0.01 * (n % 9), 0.5], 50)
  const outside = many((n) => [0.9, 0.2 + 0.01 * (n % 9), 0.5], 50)
  expect(Math.min(...learnScope(inside, outside).weights)).toBeGreaterThanOrEqual(0)
})

test('where the two sides are alike, nothing is told', () => {
  const scope = learnScope(many(near, 50), many(near, 50))
  expect(inScope(scope, near(3))).toBeCloseTo(0.5, 1)
})

test('without one of the sides the usual scope stands', () => {
  expect(learnScope(many(near, 5), [])).toEqual(usualScope)
})
