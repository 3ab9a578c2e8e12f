import fc from 'fast-check'
import { expect, test } from 'vitest'
import { textFindings } from './text-layer.ts'
import { textValues } from './text-values.ts'

const keys = (text: string) => textValues(text).map(({ key }) => key)

test.each([
  ['It costs €12.50.', ['EUR 1250']],
  ['It costs 12,50 € or EUR 13.', ['EUR 1250', 'EUR 1300']],
  ['That is $1,499 in all.', ['USD 149900']],
  ['You get 5 euros back.', ['EUR 500']],
  ['A discount of 10 %, or 2.5 percent.', ['10 %', '2.5 %']],
  ['It ends on 2026-03-12.', ['2026-03-12']],
  ['It ends on 12 March 2026, or March 13th.', ['2026-03-12', '????-03-13']],
  ['Within 14 days.', ['14 day']],
  ['Within two weeks.', ['14 day']],
  ['It takes 5 to 7 business days.', ['5 business_day to 7 business_day']],
  ['A 30-day window.', ['30 day']],
  ['Order W1234567 has 3 items.', []],
  ['You may return it.', []],
])('%s', (text, expected) => {
  expect(keys(text)).toEqual(expected)
})

test('a value in the text that nothing supports is found, with what was agreed', () => {
  const [finding] = textFindings('You have 30 days.', ['Returns are possible within 14 days.'], 'd-1')
  expect(finding).toMatchObject({
    kind: 'unsupported_duration',
    layer: 'text',
    left: { statement: '30 days' },
    right: { statement: '14 days' },
  })
})

test('a value in other words is supported', () => {
  expect(textFindings('You have two weeks, until March 12.', ['within 14 days', 'until 2026-03-12'], 'd-1')).toEqual([])
})

test('any text is supported by itself, and reading it never throws', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), (text) => {
      expect(textFindings(text, [text], 'd')).toEqual([])
    }),
  )
})
