import { expect, test } from 'vitest'
import { chooseThreshold } from './threshold.ts'

const trials = (...rows: [confidence: number, right: boolean, weight?: number][]) =>
  rows.map(([confidence, right, weight = 1]) => ({ confidence, right, weight }))
const many = (length: number, confidence: number) => Array.from({ length }, () => ({ confidence, right: true, weight: 1 }))

test('the lowest threshold that keeps the precision is chosen', () => {
  const rows = [...many(50, 0.9), ...many(50, 0.6), ...trials([0.55, false], [0.5, true], [0.3, false], [0.2, false])]
  const { least, precision, share } = chooseThreshold(rows, 0.98)
  expect(least).toBe(0.5)
  expect(precision).toBeCloseTo(101 / 102, 5)
  expect(share).toBeCloseTo(102 / 104, 5)
})

test('equal confidences are taken together', () => {
  expect(chooseThreshold([...many(20, 0.9), ...trials([0.8, true], [0.8, false], [0.8, false], [0.8, false])], 0.95).least).toBe(
    0.9,
  )
})

test('few trials do not promise much', () => {
  expect(chooseThreshold(many(10, 0.9), 0.95).least).toBeNull()
  expect(chooseThreshold(many(20, 0.9), 0.95).least).toBe(0.9)
})

test('a wrong trial that weighs little costs little', () => {
  const rows = (weight: number) => [...many(40, 0.9), ...trials([0.95, false, weight])]
  expect(chooseThreshold(rows(0.5), 0.95).least).toBe(0.9)
  expect(chooseThreshold(rows(5), 0.95).least).toBeNull()
})

test('what is likelier wrong than right is never sure', () => {
  expect(chooseThreshold([...many(90, 0.9), ...many(90, 0.4)], 0.9).least).toBe(0.9)
})
