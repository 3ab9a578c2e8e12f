import { expect, test } from 'vitest'
import { figure, percentile, shown, written } from './figures.ts'

test('a percentile is a value that was taken: the least one with that share of them at or below it', () => {
  const values = Array.from({ length: 100 }, (_, at) => 100 - at)
  expect(percentile(values, 0.5)).toBe(50)
  expect(percentile(values, 0.99)).toBe(99)
  expect(percentile(values, 1)).toBe(100)
  expect(percentile([7], 0.99)).toBe(7)
  expect(percentile([], 0.5)).toBeNaN()
})

test('a figure shows its median, and the least and the most where they differ', () => {
  expect(figure([3, 1, 2])).toEqual({ median: 2, least: 1, most: 3 })
  expect(shown(figure([1_234, 1_100, 1_300]))).toBe('1,234 (1,100–1,300)')
  expect(shown(figure([1.25]), 1)).toBe(written(1.25, 1))
})
