import { Finding, Predicate, type Claim } from '@concord/contracts'
import { aClaim } from '@concord/contracts/testing'
import { expect, test } from 'vitest'
import { claimConflicts, type Claimed } from './claims-layer.ts'
import { clipped } from './finding.ts'
import { settle, withoutRepeats } from './settle.ts'

const period = Predicate.parse({ id: 'loan.period', kind: 'duration', statement: 'Loans last {value}.' })
const vocabularyOf = (...predicates: Predicate[]) => new Map(predicates.map((predicate) => [predicate.id, predicate]))
const vocabulary = vocabularyOf(period)
const describe = ({ value }: Claim) => `${value.number} ${value.unit}`

let made = 0
const days = (number: number, overrides: Parameters<typeof aClaim>[0] = {}) =>
  aClaim({ id: `c-${made++}`, value: { kind: 'duration', number, unit: 'day' }, ...overrides })
const byKnowledge = (claim: Claim): Claimed => ({ agent: 'knowledge', claim })
const byPolicy = (number: number, overrides: Parameters<typeof aClaim>[0] = {}): Claimed => ({
  agent: 'policy',
  claim: days(number, { source: { kind: 'rule', ref: 'R1' }, ...overrides }),
})

test('two values that cannot both hold are a conflict that names both sides', () => {
  const [conflict] = claimConflicts([byKnowledge(days(30)), byPolicy(14)], vocabulary, describe)
  expect(conflict?.finding).toMatchObject({
    layer: 'claims',
    kind: 'claim_conflict',
    severity: 'major',
    sentence: 'knowledge (passage loans@1#0) says "30 day", but policy (rule R1) says "14 day".',
  })
})

test.each([
  ['values agree', byPolicy(30)],
  ['they are about different subjects', byPolicy(14, { subject: 'museum' })],
  ['they are about different predicates', byPolicy(14, { predicate: 'loan.extension' })],
  ['they hold in different cases', byPolicy(14, { scope: { kind: 'film' } })],
  ['they hold at different times', byPolicy(14, { validFrom: 2_000 })],
])('there is no conflict when %s', (_, other) => {
  const knowledge = days(30, { scope: { kind: 'book' }, validUntil: 2_000 })
  expect(claimConflicts([byKnowledge(knowledge), other], vocabulary, describe)).toEqual([])
})

test('a value that one side denies and the other affirms is a conflict', () => {
  const denied = byPolicy(30, { polarity: 'denied' })
  expect(claimConflicts([byKnowledge(days(30)), denied], vocabulary, describe)[0]?.finding.kind).toBe('claim_denied')
  expect(claimConflicts([byKnowledge(days(14)), denied], vocabulary, describe)).toEqual([])
})

test('an exception to a rule that both sides state is no conflict', () => {
  const general = byPolicy(30)
  const exception = byPolicy(14, { scope: { kind: 'film' } })
  expect(claimConflicts([byKnowledge(days(30)), general, exception], vocabulary, describe)).toEqual([])
})

test('a narrow claim against a wide one of the other side is a conflict when nobody states the wide one beside it', () => {
  expect(claimConflicts([byKnowledge(days(30)), byPolicy(14, { scope: { kind: 'film' } })], vocabulary, describe)).toHaveLength(1)
})

test('a rule outranks a passage, and the passage is not quoted either', () => {
  const fact = byKnowledge(days(30))
  const quote = byKnowledge(
    aClaim({ id: 'q', subject: 'article:loans', predicate: 'says', value: { kind: 'text', text: 'Keep it for 30 days.' } }),
  )
  const rule = byPolicy(14)
  const { agreed, dropped, settled, open } = settle([fact, quote, rule], vocabulary, describe)
  expect(agreed).toEqual([rule])
  expect(dropped).toEqual([fact, quote])
  expect(settled).toMatchObject([{ settledBy: 'authority' }])
  expect(open).toEqual([])
})

test('two documents that disagree are settled where a rule decides against one of them', () => {
  const other = byKnowledge(days(14, { source: { kind: 'passage', ref: 'faq@2#0' } }))
  const { agreed, settled, open } = settle([byKnowledge(days(30)), other, byPolicy(14)], vocabulary, describe)
  expect(agreed.map(({ agent }) => agent)).toEqual(['knowledge', 'policy'])
  expect(settled).toHaveLength(2)
  expect(open).toEqual([])
})

test('two documents that disagree are left for a person', () => {
  const other = byKnowledge(days(14, { source: { kind: 'passage', ref: 'faq@2#0' } }))
  expect(settle([byKnowledge(days(30)), other], vocabulary, describe)).toMatchObject({ settled: [], open: [{ settledBy: null }] })
})

test('a critical conflict is never settled by authority', () => {
  const critical = vocabularyOf({ ...period, critical: true })
  expect(settle([byKnowledge(days(30)), byPolicy(14)], critical, describe).open).toMatchObject([{ severity: 'critical' }])
})

test('of two claims that say the same, the more authoritative is kept', () => {
  const passage = days(14)
  const rule = days(2, { value: { kind: 'duration', number: 2, unit: 'week' }, source: { kind: 'rule', ref: 'R1' } })
  const other = days(14, { scope: { kind: 'film' } })
  expect(withoutRepeats([passage, rule, other], vocabulary)).toEqual([rule, other])
  expect(withoutRepeats([passage, days(14)], vocabulary)).toEqual([passage])
})

test('two claims under one id are compared all the same', () => {
  const knowledge = byKnowledge(days(30, { id: 'same' }))
  expect(claimConflicts([knowledge, byPolicy(14, { id: 'same' })], vocabulary, describe)).toHaveLength(1)
})

test('a claim that came twice does not contradict itself, not even a set of nothing', () => {
  const tags = vocabularyOf(Predicate.parse({ id: 'tags', kind: 'set', compare: 'overlap', statement: '{value}' }))
  const claim = aClaim({ predicate: 'tags', value: { kind: 'set', items: [] } })
  expect(claimConflicts([byKnowledge(claim), byKnowledge(claim)], tags, describe)).toEqual([])
})

test('scopes that differ in case alone are one scope', () => {
  const book = byKnowledge(days(30, { scope: { kind: 'book' } }))
  expect(claimConflicts([book, byPolicy(14, { scope: { kind: 'Book ' } })], vocabulary, describe)).toHaveLength(1)
})

test('to deny yes is to affirm no', () => {
  const open = vocabularyOf(Predicate.parse({ id: 'open', kind: 'boolean', statement: 'Open: {value}.' }))
  const says = (boolean: boolean, polarity: 'affirmed' | 'denied', id: string) =>
    byKnowledge(aClaim({ id, predicate: 'open', value: { kind: 'boolean', boolean }, polarity }))
  expect(claimConflicts([says(true, 'denied', 'a'), says(false, 'denied', 'b')], open, describe)).toHaveLength(1)
  expect(claimConflicts([says(true, 'denied', 'a'), says(false, 'affirmed', 'b')], open, describe)).toEqual([])
  expect(claimConflicts([says(true, 'denied', 'a'), says(true, 'affirmed', 'b')], open, describe)).toHaveLength(1)
})

test('a conflict of claims of any length fits its contract', () => {
  const wordy = (id: string, text: string) => byKnowledge(aClaim({ id, value: { kind: 'text', text: text.repeat(2_000) } }))
  const inFull = ({ value }: Claim) => `It is ${value.text}, ${'and that is all that there is to be said about it '.repeat(60)}.`
  const [conflict] = claimConflicts([wordy('a', 'ab'), wordy('b', '\u{1f4da}')], vocabulary, inFull)
  expect(Finding.safeParse(conflict?.finding).error).toBeUndefined()
  expect(conflict?.finding.sentence.isWellFormed() && conflict.finding.right.statement.isWellFormed()).toBe(true)
  expect([clipped('ab\u{1f4da}', 3), clipped('ab\u{1f4da}', 4)]).toEqual(['ab', 'ab\u{1f4da}'])
})
