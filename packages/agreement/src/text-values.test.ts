import { expect, test } from 'vitest'
import { sameTextValue, textValues } from './text-values.ts'

const keys = (text: string) => textValues(text).map(({ key }) => key)

test.each([
  ['It costs €12.50.', ['EUR 1250']],
  ['It costs 12,50 € or EUR 13.', ['EUR 1250', 'EUR 1300']],
  ['That is $1,499 in all.', ['USD 149900']],
  ['That is €1 499, or 1.499,50 EUR, or CHF 1’499.', ['EUR 149900', 'EUR 149950', 'CHF 149900']],
  ['You get 5 euros back.', ['EUR 500']],
  ['Order 5001 €20 is paid.', ['EUR 2000']],
  ['Order W1234567 EUR 20 is paid.', ['EUR 2000']],
  ['It costs €10–20, or 10 to 20 euros.', ['EUR 1000', 'EUR 2000', 'EUR 1000', 'EUR 2000']],
  ['We pay €2k, or 3 thousand euros.', ['EUR 200000', 'EUR 300000']],
  ['A fee of 50 cents.', ['??? 50']],
])('amounts: %s', (text, expected) => {
  expect(keys(text)).toEqual(expected)
})

test.each([
  ['A discount of 10 %, or 2.5 percent.', ['10 %', '2.5 %']],
  ['Between 10-20% off, or 1,000 %.', ['10 %', '20 %', '1000 %']],
])('percentages: %s', (text, expected) => {
  expect(keys(text)).toEqual(expected)
})

test.each([
  ['It ends on 2026-03-12.', ['2026-03-12']],
  ['It ends at 2026-03-12T10:00:00Z.', ['2026-03-12']],
  ['It ends on 12 March 2026, or March 13th.', ['2026-03-12', '????-03-13']],
  ['On the 1st of March, or Sept. 5, 2026.', ['????-03-01', '2026-09-05']],
  ['On 31.12.2026, or 12/31/2026.', ['2026-12-31', '2026-12-31']],
  ['On 03/04/2026.', ['2026-04-03 or 2026-03-04']],
  ['Until March 2027.', ['2027-03-??']],
])('dates: %s', (text, expected) => {
  expect(keys(text)).toEqual(expected)
})

test.each([
  ['Within 14 days.', ['14 day']],
  ['Within two weeks.', ['14 day']],
  ['Within a week, or half a year.', ['7 day', '6 month']],
  ['It takes 5 to 7 business days.', ['5 business_day to 7 business_day']],
  ['It takes 5–7 working days.', ['5 business_day to 7 business_day']],
  ['It takes between 5 and 7 workdays.', ['5 business_day to 7 business_day']],
  ['A 30-day window, or a 30‑day one.', ['30 day', '30 day']],
  ['For twenty-four hours.', ['1 day']],
  ['For forty five days, one hundred days, or seventeen days.', ['45 day', '100 day', '17 day']],
  ['Within 7 calendar days, or 3 full months.', ['7 day', '3 month']],
  ['For 1,000 days, 2.5 days, or 2,5 days.', ['1000 day', '2.5 day', '2.5 day']],
  ['For 3 years, 36 months, or one and a half years.', ['36 month', '36 month', '18 month']],
  ['After 24h, 48 hrs, 90 mins or 30days.', ['1 day', '2 day', '0.0625 day', '30 day']],
  ['Within a fortnight.', ['14 day']],
])('durations: %s', (text, expected) => {
  expect(keys(text)).toEqual(expected)
})

test.each([
  'Order W1234567 has 3 items.',
  'You may return it.',
  'We are there 24/7.',
  'It weighs 2.5 kg.',
  'We open at 8:00 and close at 17:30.',
  'Call +49 30 1234567 or 0800 123 456.',
  'It costs that much a year.',
  'Wait a minute.',
])('no values: %s', (text) => {
  expect(keys(text)).toEqual([])
})

test.each([
  ['March 12', '2026-03-12', true],
  ['March 2026', '12 March 2026', true],
  ['March 2026', '12 April 2026', false],
  ['03/04/2026', '2026-04-03', true],
  ['03/04/2026', '2026-04-04', false],
  ['50 cents', '€0.50', true],
  ['€0.60', '50 cents', false],
  ['14 days', '14 business days', false],
])('%s and %s are one value: %s', (left, right, same) => {
  const [a] = textValues(left)
  const [b] = textValues(right)
  expect(a && b && sameTextValue(a, b)).toBe(same)
  expect(a && b && sameTextValue(b, a)).toBe(same)
})
