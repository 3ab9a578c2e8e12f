import { aVerdict } from '@concord/contracts/testing'
import { expect, test } from 'vitest'
import { commitmentFindings } from './commitments-layer.ts'

const promise = { action: 'extend_loan', subject: 'loan:L1', amount: null, due: null }
const kinds = (
  text: string,
  commitment: typeof promise | (Omit<typeof promise, 'amount'> & { amount: { minor: number; currency: string } }),
  verdict = aVerdict(),
  approvable = false,
) => commitmentFindings({ text, commitments: [commitment] }, [verdict], approvable, 'd-1').map(({ kind }) => kind)

test('a promise that policy permits is in order', () => {
  expect(kinds('It is extended.', promise)).toEqual([])
})

test('a promise that policy forbids is found, with the rule', () => {
  const [finding] = commitmentFindings(
    { text: '', commitments: [promise] },
    [aVerdict({ effect: 'forbid', rule: 'R7' })],
    false,
    'd-1',
  )
  expect(finding).toMatchObject({ kind: 'promises_forbidden', severity: 'critical', sentence: expect.stringContaining('R7') })
})

test('a promise that policy never ruled on is found', () => {
  expect(kinds('', { ...promise, subject: 'loan:other' })).toEqual(['promises_unruled'])
})

test('a promise that needs approval is in order only where a person will decide', () => {
  const verdict = aVerdict({ effect: 'needs_approval' })
  expect(kinds('', promise, verdict, false)).toEqual(['promises_unapproved'])
  expect(kinds('', promise, verdict, true)).toEqual([])
})

test('an amount other than the one ruled on is found', () => {
  const verdict = aVerdict({ amount: { minor: 500, currency: 'EUR' } })
  expect(kinds('', { ...promise, amount: { minor: 500, currency: 'EUR' } }, verdict)).toEqual([])
  expect(kinds('', { ...promise, amount: { minor: 501, currency: 'EUR' } }, verdict)).toEqual(['exceeds_amount'])
  expect(kinds('', { ...promise, amount: { minor: 499, currency: 'EUR' } }, verdict)).toEqual(['misstates_amount'])
  expect(kinds('', { ...promise, amount: { minor: 500, currency: 'USD' } }, verdict)).toEqual(['exceeds_amount'])
})

test('an obligation must be said, in these or other words, with its numbers', () => {
  const verdict = aVerdict({ obligations: [{ id: 'fee', text: 'The extension costs a fee of 2 euros.' }] })
  expect(kinds('Your loan is extended.', promise, verdict)).toEqual(['skips_obligation'])
  expect(kinds('For the extension a fee applies; it costs 2 euros.', promise, verdict)).toEqual([])
  expect(kinds('For the extension a fee applies; it costs 3 euros.', promise, verdict)).toEqual(['skips_obligation'])
})

test('an obligation that the text turns round is not met', () => {
  const verdict = aVerdict({ obligations: [{ id: 'keep', text: 'You need not send the damaged book back.' }] })
  expect(kinds('It is extended. You need not send the damaged book back.', promise, verdict)).toEqual([])
  expect(kinds('It is extended. Please note: the damaged book need not be sent back.', promise, verdict)).toEqual([])
  expect(kinds('It is extended. You need to send the damaged book back.', promise, verdict)).toEqual(['skips_obligation'])
})

test('an obligation may say its time in other words', () => {
  const verdict = aVerdict({ obligations: [{ id: 'back', text: 'Please send the book back within 14 days.' }] })
  expect(kinds('Please send the book back within two weeks.', promise, verdict)).toEqual([])
  expect(kinds('Please send the book back within three weeks.', promise, verdict)).toEqual(['skips_obligation'])
})

test('where policy ruled twice on one thing, the stricter ruling stands', () => {
  const verdicts = [aVerdict({ id: 'v-1' }), aVerdict({ id: 'v-2', effect: 'forbid' })]
  expect(commitmentFindings({ text: '', commitments: [promise] }, verdicts, true, 'd-1')).toMatchObject([
    { kind: 'promises_forbidden', right: { ref: 'v-2' } },
  ])
})

test('a day by which something is promised must be one that policy named', () => {
  const verdict = aVerdict({ reason: 'It is extended until March 12, 2026.' })
  const due = (day: string) =>
    commitmentFindings({ text: '', commitments: [{ ...promise, due: day }] }, [verdict], true, 'd-1').map(({ kind }) => kind)
  expect(due('2026-03-12')).toEqual([])
  expect(due('2026-03-12T12:00:00Z')).toEqual([])
  expect(due('2026-03-13')).toEqual(['unsupported_due'])
  expect(due('soon')).toEqual(['unsupported_due'])
})

test('an amount is shown in the decimals of its currency', () => {
  const sentence = (currency: string) =>
    commitmentFindings(
      { text: '', commitments: [{ ...promise, amount: { minor: 900, currency } }] },
      [aVerdict()],
      false,
      'd-1',
    )[0]?.sentence
  expect(sentence('JPY')).toContain('promises 900 JPY')
  expect(sentence('EUR')).toContain('promises 9.00 EUR')
  expect(sentence('e?!')).toContain('promises 900 minor units')
})
