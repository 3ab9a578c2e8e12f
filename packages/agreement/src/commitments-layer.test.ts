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
