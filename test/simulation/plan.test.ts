import { expect, test } from 'vitest'
import { mishapKinds, planOf } from './plan.ts'

test('a seed has one plan', () => {
  expect(planOf(17)).toEqual(planOf(17))
  expect(planOf(17)).not.toEqual(planOf(18))
})

test('one plan in twenty is without faults', () => {
  const healthy = planOf(20)
  expect(healthy).toMatchObject({ faultsUntil: 0, rates: {}, mishaps: [] })
  expect(healthy.sends.every(({ kind }) => kind === 'request')).toBe(true)
})

test('over many seeds every kind of mishap is planned, and nothing after the faults have ended', () => {
  const plans = Array.from({ length: 400 }, (_, seed) => planOf(seed))
  const kinds = new Set(plans.flatMap(({ mishaps }) => mishaps.map(({ kind }) => kind)))
  expect(mishapKinds.filter((kind) => !kinds.has(kind))).toEqual([])
  expect(plans.filter(({ mishaps, faultsUntil }) => mishaps.some(({ at }) => at > faultsUntil))).toEqual([])
})
