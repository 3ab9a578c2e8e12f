import { contentHash, Draft } from '@concord/contracts'
import { aBrief, aClaim, anEnvelope, aVerdict } from '@concord/contracts/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ResponseAnswer } from './answer.ts'
import { claimsUsed, decide } from './decide.ts'

const text = 'Hello. A book may be kept for 30 days. We have renewed loan L123.'

const anAnswer = (change: Partial<ResponseAnswer> = {}): ResponseAnswer => ({
  text,
  citations: [{ claim: 'c-1', quote: 'A book may be kept for 30 days.' }],
  commitments: [],
  obligationsMet: [],
  confidence: 0.8,
  ...change,
})

test('a quote becomes a span of the text, with the article and its version as the source', () => {
  const { citations } = decide(aBrief(), anAnswer())
  expect(citations).toEqual([{ start: 7, end: 38, claim: 'c-1', source: 'Loans, version 1' }])
  expect(text.slice(7, 38)).toBe('A book may be kept for 30 days.')
})

test.each(['A book may be kept for 40 days.', '', '  '])('the quote %j, which the text does not hold, is dropped', (quote) => {
  expect(decide(aBrief(), anAnswer({ citations: [{ claim: 'c-1', quote }] })).citations).toEqual([])
})

test('a citation of what was never given is dropped', () => {
  expect(decide(aBrief(), anAnswer({ citations: [{ claim: 'c-2', quote: 'Hello' }] })).citations).toEqual([])
})

test('a refusal names its rule as the source', () => {
  const brief = aBrief({ forbidden: [aVerdict({ id: 'v-1', effect: 'forbid', rule: 'loans.once' })] })
  const { citations } = decide(brief, anAnswer({ citations: [{ claim: 'v-1', quote: 'Hello.' }] }))
  expect(citations).toMatchObject([{ claim: 'v-1', source: 'loans.once' }])
})

test('a claim of a rule or a tool names what it came from', () => {
  const brief = aBrief({ claims: [aClaim({ source: { kind: 'rule', ref: 'loans.period', version: '7' } })] })
  expect(decide(brief, anAnswer()).citations).toMatchObject([{ source: 'loans.period' }])
})

test('citations stand in the order of the text, each once', () => {
  const brief = aBrief({ claims: [aClaim(), aClaim({ id: 'c-2' })] })
  const citations = [
    { claim: 'c-2', quote: '30 days' },
    { claim: 'c-1', quote: 'Hello' },
    { claim: 'c-2', quote: '30 days' },
  ]
  expect(decide(brief, anAnswer({ citations })).citations.map(({ claim }) => claim)).toEqual(['c-1', 'c-2'])
})

test('a promise is typed; an amount needs its currency', () => {
  const promise = { action: 'renew', subject: 'loan:L123', due: null }
  const commitments = [
    { ...promise, amountMinor: 700, currency: 'GBP' },
    { ...promise, amountMinor: 700, currency: null, due: '2026-02-01' },
  ]
  expect(decide(aBrief(), anAnswer({ commitments })).commitments).toEqual([
    { action: 'renew', subject: 'loan:L123', amount: { minor: 700, currency: 'GBP' }, due: null },
    { action: 'renew', subject: 'loan:L123', amount: null, due: '2026-02-01' },
  ])
})

test('a promise that nobody permitted is passed on, for the coordinator to catch', () => {
  const commitments = [{ action: 'waive_fee', subject: 'loan:L9', amountMinor: null, currency: null, due: null }]
  expect(decide(aBrief(), anAnswer({ commitments })).commitments).toMatchObject([{ action: 'waive_fee', subject: 'loan:L9' }])
})

test('only obligations of the brief can be met', () => {
  const brief = aBrief({ obligations: [{ id: 'o-1', text: 'Say when it is due.' }] })
  expect(decide(brief, anAnswer({ obligationsMet: ['o-1', 'o-1', 'o-2'] })).obligationsMet).toEqual(['o-1'])
})

test('the draft rests on the claims that it cites, by their content', () => {
  const brief = aBrief({ claims: [aClaim(), aClaim({ id: 'c-2' })] })
  expect(claimsUsed(brief, decide(brief, anAnswer()))).toEqual([{ id: 'c-1', hash: contentHash(aClaim()) }])
})

test('whatever the model quotes, the draft is valid and every span lies in its text', () => {
  const quote = fc.oneof(fc.string(), fc.constantFrom('Hello', ' 30 days ', text))
  const citation = fc.record({ claim: fc.constantFrom('c-1', 'c-2', ''), quote })
  fc.assert(
    fc.property(fc.array(citation, { maxLength: 150 }), fc.string({ minLength: 1 }), (citations, more) => {
      const drafted = decide(aBrief(), anAnswer({ text: text + more, citations }))
      const draft = Draft.parse({ envelope: anEnvelope(), ...drafted })
      for (const { start, end } of draft.citations) {
        expect(start).toBeLessThan(end)
        expect(end).toBeLessThanOrEqual(draft.text.length)
      }
    }),
  )
})
