import type { Classification } from '@concord/model'
import { expect, test } from 'vitest'
import { accuracy, auroc, brier, calibrationError, deviation, macroF1, reliability, wilson } from './classifier-figures.ts'

const said = (label: string, probability: number): Classification => ({
  ranked: [
    { label, probability },
    { label: label === 'a' ? 'b' : 'a', probability: 1 - probability },
  ],
  inScope: 1,
  confidence: probability,
  confident: true,
})
const answers = [
  { said: said('a', 0.9), right: 'a' },
  { said: said('a', 0.9), right: 'a' },
  { said: said('a', 0.7), right: 'b' },
  { said: said('b', 0.6), right: 'b' },
]

test('accuracy counts first labels, macro-F1 counts labels alike', () => {
  expect(accuracy(answers)).toBe(0.75)
  expect(macroF1(answers)).toBeCloseTo((0.8 + 2 / 3) / 2, 6)
})

test('calibration compares what was said with what was right', () => {
  expect(reliability(answers).map(({ from, count, right }) => [from, count, right])).toEqual([
    [0.6, 1, 1],
    [0.7, 1, 0],
    [0.9, 2, 1],
  ])
  expect(calibrationError(answers)).toBeCloseTo((0.4 + 0.7 + 2 * 0.1) / 4, 6)
  expect(brier(answers)).toBeCloseTo((0.02 + 0.02 + 0.98 + 0.32) / 4, 6)
})

test('AUROC is the chance that the one side lies above the other', () => {
  expect(auroc([3, 4], [1, 2])).toBe(1)
  expect(auroc([1, 2], [3, 4])).toBe(0)
  expect(auroc([1, 3], [2, 2])).toBe(0.5)
  expect(auroc([2, 2], [2, 2])).toBe(0.5)
})

test('Wilson bounds hold the share and narrow with numbers', () => {
  const [least, most] = wilson(1, 100)
  expect(least).toBeCloseTo(0.0018, 3)
  expect(most).toBeCloseTo(0.0545, 3)
  expect(wilson(0, 0)).toEqual([0, 1])
  expect(wilson(0, 1_000)[1]).toBeLessThan(0.004)
})

test('deviation is that of the whole', () => {
  expect(deviation([1, 3])).toBe(1)
})
