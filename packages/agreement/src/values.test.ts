import { ClaimValue } from '@concord/contracts'
import type { z } from 'zod'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compatible, sameValue } from './values.ts'

const value = (fields: z.input<typeof ClaimValue>) => ClaimValue.parse(fields)
const duration = (number: number, unit: string) => value({ kind: 'duration', number, unit })
const range = (min: number | null, max: number | null, unit: string) => value({ kind: 'range', min, max, unit })
const money = (minor: number, currency = 'EUR') => value({ kind: 'money', minor, currency })

test.each([
  ['two weeks and fourteen days', true, duration(2, 'week'), duration(14, 'day')],
  ['30 days and a month', true, duration(30, 'day'), duration(1, 'month')],
  ['48 hours and two days', true, duration(48, 'hour'), duration(2, 'day')],
  ['five business days and a week', true, duration(5, 'business_day'), duration(7, 'day')],
  ['five business days and a month', false, duration(5, 'business_day'), duration(1, 'month')],
  ['12 months and a year', true, duration(12, 'month'), duration(1, 'year')],
  ['36 months and three years', true, duration(36, 'month'), duration(3, 'year')],
  ['a year and 340 days', false, duration(12, 'month'), duration(340, 'day')],
  ['three months and 90 days', true, duration(3, 'month'), duration(90, 'day')],
  ['one to two weeks and 7 to 14 days', true, range(1, 2, 'week'), range(7, 14, 'day')],
  ['one to two weeks and 7 to 15 days', false, range(1, 2, 'week'), range(7, 15, 'day')],
  ['business days in two spellings', true, range(5, 7, 'business_day'), range(5, 7, 'working days')],
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
  const days = (min: number | null, max: number | null) => range(min, max, 'day')
  const how = { compare: 'overlap', tolerance: 0 } as const
  expect(compatible(days(2, 5), days(5, 9), how)).toBe(true)
  expect(compatible(days(2, 5), days(6, null), how)).toBe(false)
  expect(compatible(days(null, 5), days(1, null), how)).toBe(true)
  expect(compatible(range(1, 2, 'week'), days(14, 20), how)).toBe(true)
  expect(compatible(range(1, 2, 'week'), days(15, 20), how)).toBe(false)
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
