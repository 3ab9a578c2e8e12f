import { expect, test } from 'vitest'
import { seededRandom } from './seeded.ts'
import { dot, separate } from './separate.ts'

const unit = (...values: number[]) => {
  const length = Math.hypot(...values)
  return { at: Int32Array.from(values, (_, n) => n), values: Float32Array.from(values, (value) => value / length), known: 1 }
}
const options = { cost: 10, passes: 200, random: seededRandom(3) }

test('what can be separated lies on its side, with room', () => {
  const vectors = [unit(1, 0.1), unit(1, 0.3), unit(0.1, 1), unit(0.3, 1)]
  const { weights, offset } = separate(vectors, Int8Array.from([1, 1, -1, -1]), 2, options)
  const scores = vectors.map((vector) => dot(weights, vector) + offset)
  expect(scores.map(Math.sign)).toEqual([1, 1, -1, -1])
  expect(Math.min(...scores.map(Math.abs))).toBeGreaterThan(0.7)
})

test('the same place on both sides ends undecided', () => {
  const { weights, offset } = separate([unit(1, 1), unit(1, 1)], Int8Array.from([1, -1]), 2, options)
  expect(Math.abs(dot(weights, unit(1, 1)) + offset)).toBeLessThan(0.05)
})

test('the optimum is found, whatever the order of the passes', () => {
  const vectors = Array.from({ length: 40 }, (_, n) => unit(Math.sin(n), Math.cos(n * 1.7), Math.sin(n * n)))
  const sides = Int8Array.from(vectors, ({ values }) => ((values[0] ?? 0) + 0.3 * (values[2] ?? 0) > 0 ? 1 : -1))
  const found = [1, 2, 3].map((seed) => separate(vectors, sides, 3, { ...options, random: seededRandom(seed) }))
  for (const { weights } of found) {
    weights.forEach((weight, n) => expect(Math.abs(weight - (found[0]?.weights[n] ?? 0))).toBeLessThan(0.2))
  }
})

test('without an example on the side nothing is on the side', () => {
  const { weights, offset } = separate([unit(1, 0), unit(0, 1)], Int8Array.from([-1, -1]), 2, options)
  expect(dot(weights, unit(1, 1)) + offset).toBeLessThan(-0.5)
})
