import { ClaimValue } from '@concord/contracts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compatible, sameValue } from './values.ts'

const value = (fields: Parameters<typeof ClaimValue.parse>[0] & object) => ClaimValue.parse(fields)
const duration = (number: number, unit: string) => value({ kind: 'duration', number, unit })
const money = (minor: number, currency = 'EUR') => value({ kind: 'money', minor, currency })

test.each([
  ['two weeks and fourteen days', true, duration(2, 'week'), duration(14, 'day')],
  ['30 days and a month', true, duration(30, 'day'), duration(1, 'month')],
  ['48 hours and two days', true, duration(48, 'hour'), duration(2, 'day')],
  ['five business days and a week', true, duration(5, 'business_day'), duration(7, 'day')],
  ['five business days and a month', false, duration(5, 'business_day'), duration(1, 'month')],
  ['30 days and 14 days', false, duration(30, 'day'), duration(14, 'day')],
  ['one amount in two currencies', false, money(1000), money(1000, 'USD')],
  [
    'a day and an instant on it',
    true,
    value({ kind: 'date', date: '2026-03-01' }),
    value({ kind: 'date', date: '2026-03-01T10:00:00Z' }),
  ],
  [
    'texts that differ in case and space',
    true,
    value({ kind: 'text', text: 'Gift  Card' }),
    value({ kind: 'text', text: 'gift card' }),
  ],
  ['sets in another order', true, value({ kind: 'set', items: ['a', 'B'] }), value({ kind: 'set', items: ['b', 'a'] })],
  ['a set and a part of it', false, value({ kind: 'set', items: ['a', 'b'] }), value({ kind: 'set', items: ['a'] })],
  ['an amount and a duration', false, money(14), duration(14, 'day')],
])('%s: one value? %s', (_, same, a, b) => {
  expect(sameValue(a, b)).toBe(same)
  expect(sameValue(b, a)).toBe(same)
})

test('a tolerance is a share of the larger value', () => {
  const how = { compare: 'tolerance', tolerance: 0.1 } as const
  expect(compatible(money(1000), money(1100), how)).toBe(true)
  expect(compatible(money(1000), money(1200), how)).toBe(false)
  expect(compatible(money(1000), money(1000, 'USD'), how)).toBe(false)
})

test('ranges overlap where they share a point, and an open end has no limit', () => {
  const range = (min: number | null, max: number | null) => value({ kind: 'range', min, max, unit: 'day' })
  const how = { compare: 'overlap', tolerance: 0 } as const
  expect(compatible(range(2, 5), range(5, 9), how)).toBe(true)
  expect(compatible(range(2, 5), range(6, null), how)).toBe(false)
  expect(compatible(range(null, 5), range(1, null), how)).toBe(true)
})

const durations = fc
  .record({
    number: fc.integer({ min: 0, max: 400 }),
    unit: fc.constantFrom('minute', 'hour', 'day', 'business_day', 'week', 'month', 'year'),
  })
  .map(({ number, unit }) => duration(number, unit))

test('comparing is symmetric, and every value agrees with itself', () => {
  fc.assert(
    fc.property(durations, durations, (a, b) => {
      expect(sameValue(a, b)).toBe(sameValue(b, a))
      expect(sameValue(a, a)).toBe(true)
    }),
  )
})
