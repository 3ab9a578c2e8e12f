import { aClaim } from '@concord/contracts/testing'
import { expect, test } from 'vitest'
import { caseRun, draftFor, extension, knowledge, policy, promise, request, triage, type CaseRun } from './testing/case-spec.ts'

const ruled = (overrides: Parameters<typeof policy>[0] = {}, known: Parameters<typeof knowledge>[0] = {}): CaseRun =>
  caseRun().receive(request()).receive(triage()).receive(knowledge(known)).receive(policy(overrides))

const found = (run: CaseRun, overrides: Parameters<typeof draftFor>[1]): string[] =>
  run
    .receive(draftFor(run, overrides))
    .events.flatMap((event) => (event.type === 'checked' ? event.findings.map(({ kind }) => kind) : []))

test.each([
  ['of a claim that was never given', { start: 0, end: 5, claim: 'invented' }],
  ['of words beyond the text', { start: 0, end: 900, claim: 'c-1' }],
  ['of no words at all', { start: 5, end: 5, claim: 'c-1' }],
])('a citation %s is found', (_, citation) => {
  expect(found(ruled(), { citations: [{ ...citation, source: 'Loans' }] })).toEqual(['false_citation'])
})

test('a claim that the draft alone makes is found, and one that was agreed is not', () => {
  expect(found(ruled(), { claims: [aClaim({ id: 'd-1', predicate: 'loan.fee' })] })).toEqual(['unsupported_claim'])
  expect(found(ruled(), { claims: [aClaim({ id: 'd-1' })] })).toEqual([])
})

test('a claim of the draft that contradicts the agreed is settled by the revision that leaves it out', () => {
  const run = ruled()
  const claim = aClaim({ id: 'd-1', value: { kind: 'duration', number: 9, unit: 'day' } })
  const revised = run.receive(draftFor(run, { claims: [claim] }))
  expect(revised.state.status).toBe('revising')
  expect(revised.receive(draftFor(revised)).last('replies').conflicts).toMatchObject([
    { kind: 'claim_conflict', settledBy: 'revision' },
  ])
  const twice = revised.receive(draftFor(revised, { claims: [claim] }))
  const { findings } = twice.state.status === 'revising' ? twice.state.file : { findings: [] }
  expect(findings).toMatchObject([{ kind: 'claim_conflict', settledBy: null }])
})

test('an action that stands only in the words is found, though policy would permit it', () => {
  const text = 'Done:  extend_loan for\nloan:L1. loan.period is 30 day.'
  expect(found(ruled({ verdicts: [extension({ requested: false })] }), { text })).toEqual(['states_uncommitted'])
  expect(found(ruled({ verdicts: [extension()] }), { text, commitments: [promise] })).toEqual([])
})

test('a text of white space says nothing', () => {
  expect(found(ruled(), { text: ' \n ' })).toContain('no_text')
})

test('what is refused beside what is permitted is given its reason too', () => {
  const refused = extension({ id: 'v-2', subject: 'loan:L2', effect: 'forbid', reason: 'The second one is overdue already.' })
  const run = ruled({ verdicts: [extension(), refused] })
  expect(found(run, { commitments: [promise] })).toEqual(['omits_reason'])
  expect(found(run, { commitments: [promise], text: 'loan.period is 30 day. The second one is overdue already.' })).toEqual([])
})

test('the values of a denied claim support no text that affirms them', () => {
  const run = ruled(
    {},
    { claims: [aClaim({ polarity: 'denied' }), aClaim({ id: 'c-2', value: { kind: 'duration', number: 9, unit: 'day' } })] },
  )
  expect(found(run, { text: 'loan.period is 30 day.' })).toEqual(['unsupported_duration'])
  expect(found(run, { text: 'loan.period is not 30 day.' })).toEqual([])
  const citations = [{ start: 0, end: 21, claim: 'c-2', source: 'Loans' }]
  expect(found(run, { text: 'loan.period is 9 day.', citations })).toEqual([])
})

test('a value that was agreed of something else than what the words cite is found', () => {
  const other = aClaim({ id: 'c-2', subject: 'museum', value: { kind: 'duration', number: 9, unit: 'day' } })
  const run = ruled({}, { claims: [aClaim(), other] })
  expect(found(run, { text: 'loan.period is 9 day.' })).toEqual(['misattributed_duration'])
})

test('a draft that also rests on a brief that was replaced, or on the brief in another wording, is found', () => {
  const run = ruled()
  const first = run.last('briefs').envelope.messageId
  const revised = run.receive(draftFor(run, { text: 'loan.period is 90 day.' }))
  const { value } = draftFor(revised)
  const [brief] = value.envelope.basedOn
  const restingOn = (basedOn: typeof value.envelope.basedOn) =>
    found(revised, { envelope: { ...value.envelope, basedOn } }).slice(-1)
  expect(restingOn([...value.envelope.basedOn, { id: first, hash: 'x' }])).toEqual(['stale_basis'])
  expect(restingOn([{ id: brief?.id ?? '', hash: 'other words' }])).toEqual(['stale_basis'])
})
