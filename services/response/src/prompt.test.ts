import { aBrief, aClaim, aVerdict } from '@concord/contracts/testing'
import { loadDomain } from '@concord/domain'
import { libraryFolder } from '@concord/domain/testing'
import { expect, test } from 'vitest'
import { responseInput } from './prompt.ts'

const library = await loadDomain(libraryFolder)

const renewal = aVerdict({ id: 'v-renew', action: 'renew', subject: 'loan:L123' })
const waiver = aVerdict({
  id: 'v-waive',
  action: 'waive_fee',
  subject: 'loan:L123',
  effect: 'forbid',
  rule: 'fees.cap',
  reason: 'Fees above five pounds are not waived.',
  amount: { minor: 750, currency: 'GBP' },
})

test('claims stand in words, each under its id', () => {
  const brief = aBrief({ claims: [aClaim({ scope: { kind: 'book' } })] })
  expect(responseInput(library, brief).claims).toEqual([{ id: 'c-1', statement: 'A book may be kept for 30 days.' }])
})

test('a denied claim without words of its own is not said', () => {
  expect(responseInput(library, aBrief({ claims: [aClaim({ polarity: 'denied' })] })).claims).toEqual([])
})

test('what may be promised stands as its promise, with what it is a promise of', () => {
  const brief = aBrief({ permitted: [renewal] })
  expect(responseInput(library, brief).actions).toEqual([
    {
      id: 'v-renew',
      statement: 'We have renewed loan L123.',
      action: 'renew',
      subject: 'loan:L123',
      amountMinor: null,
      currency: null,
    },
  ])
})

test('what was asked for and is forbidden stands as a reason to cite and as a promise not to make', () => {
  const input = responseInput(library, aBrief({ claims: [], forbidden: [waiver] }))
  expect(input.reasons).toEqual([{ id: 'v-waive', statement: waiver.reason }])
  expect(input.forbidden).toMatchObject([
    { statement: 'We have waived £7.50 on loan L123.', action: 'waive_fee', amountMinor: 750, currency: 'GBP' },
  ])
})

test('what nobody asked for is not refused aloud, and still must not be promised', () => {
  const input = responseInput(library, aBrief({ forbidden: [{ ...waiver, requested: false }] }))
  expect(input.reasons).toEqual([])
  expect(input.forbidden).toHaveLength(1)
})

test('where nothing else can be said, what nobody asked for is refused aloud', () => {
  const input = responseInput(library, aBrief({ claims: [], forbidden: [{ ...waiver, requested: false }] }))
  expect(input.reasons.map(({ id }) => id)).toEqual(['v-waive'])
})

test('what is missing is asked for in the domain’s words', () => {
  expect(responseInput(library, aBrief({ missing: ['loan'] })).missing).toEqual([
    { id: 'loan', statement: 'Please tell us the loan number on your receipt.' },
  ])
})

test('objections are passed on as they are', () => {
  const objections = [{ id: 'f-1', statement: 'The draft says 40 days.', remove: ['c-1'] }]
  expect(responseInput(library, aBrief({ objections })).objections).toEqual(objections)
})
