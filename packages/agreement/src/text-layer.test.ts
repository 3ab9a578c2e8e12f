import { Finding } from '@concord/contracts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { textFindings } from './text-layer.ts'

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

test('what a denied claim names is supported only where the text denies it', () => {
  const denied = ['It is not so that returns are possible within 30 days.']
  expect(textFindings('You have 30 days.', [], 'd-1', denied)).toMatchObject([{ kind: 'unsupported_duration' }])
  expect(textFindings('Yes. You do not have 30 days.', [], 'd-1', denied)).toEqual([])
  expect(textFindings("You don't have 30 days.", [], 'd-1', denied)).toEqual([])
})

test('a finding fits its contract, however long what it quotes', () => {
  const digits = '9'.repeat(7_000)
  const grounds = Array.from({ length: 400 }, (_, index) => `It takes ${index + 1}${'0'.repeat(30)} days.`)
  const findings = textFindings(`It costs €${digits} and takes ${digits} days.`, grounds, 'd-1')
  expect(findings).toHaveLength(2)
  for (const finding of findings) expect(Finding.safeParse(finding).error).toBeUndefined()
})

test('a text of nothing but digits is read in no time', () => {
  const started = performance.now()
  textFindings('1'.repeat(20_000), [' 1,'.repeat(7_000)], 'd-1')
  expect(performance.now() - started).toBeLessThan(1_000)
})
