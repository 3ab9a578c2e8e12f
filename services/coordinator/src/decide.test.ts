import { aClaim, anEnvelope, testTime } from '@concord/contracts/testing'
import { expect, test } from 'vitest'
import { caseRun, draftFor, extension, knowledge, policy, promise, request, triage } from './testing/case-spec.ts'

const gathered = () => caseRun().receive(request()).receive(triage()).receive(knowledge()).receive(policy())
const permitted = (overrides = {}) =>
  caseRun()
    .receive(request())
    .receive(triage())
    .receive(knowledge())
    .receive(policy({ verdicts: [extension(overrides)] }))

test('a question is answered when knowledge and policy agree and the draft passes', () => {
  const run = gathered()
  const answered = run.receive(draftFor(run))
  expect(answered.outcomes()).toEqual(['answered'])
  expect(answered.last('replies')).toMatchObject({ reason: 'agreed', decidedBy: 'agents', disclosure: 'Written by a machine.' })
})

test('the answers may come before triage, and before the request itself', () => {
  const run = caseRun().receive(policy()).receive(knowledge()).receive(triage()).receive(request())
  expect(run.receive(draftFor(run)).outcomes()).toEqual(['answered'])
})

test('a request out of scope is declined without asking anyone', () => {
  const run = caseRun()
    .receive(request())
    .receive(triage({ intent: 'weather' }))
  expect(run.last('replies')).toMatchObject({
    outcome: 'declined',
    reason: 'out_of_scope',
    text: 'This desk is about the library.',
  })
})

test('a request that nobody understands is declined with what to do', () => {
  const run = caseRun()
    .receive(request())
    .receive(triage({ intent: null }))
  expect(run.last('replies')).toMatchObject({ outcome: 'declined', reason: 'not_understood' })
})

test('a legal threat goes to a person, and the producer is told', () => {
  const run = caseRun()
    .receive(request())
    .receive(triage({ riskFlags: ['legal_threat'] }))
  expect(run.last('escalations')).toMatchObject({ reason: 'legal_threat' })
  expect(run.last('replies')).toMatchObject({ outcome: 'escalated' })
  expect(run.outcomes()).toEqual([])
})

test('an injection is refused whatever else it holds', () => {
  const run = caseRun()
    .receive(request())
    .receive(triage({ riskFlags: ['legal_threat', 'injection'] }))
  expect(run.last('replies')).toMatchObject({ outcome: 'declined', reason: 'refused' })
})

test('a language that the agents do not speak goes to a person', () => {
  expect(
    caseRun()
      .receive(request())
      .receive(triage({ language: 'fr' }))
      .last('escalations'),
  ).toMatchObject({ reason: 'language' })
})

test('policy has authority over a document, and the conflict stays on the record', () => {
  const rule = aClaim({ id: 'r-1', value: { kind: 'duration', number: 14, unit: 'day' }, source: { kind: 'rule', ref: 'R1' } })
  const run = caseRun()
    .receive(request())
    .receive(triage())
    .receive(knowledge())
    .receive(policy({ claims: [rule] }))
  expect(run.last('briefs').claims.map(({ id }) => id)).toEqual(['r-1'])
  const answered = run.receive(draftFor(run, { text: 'loan.period is 14 day.' }))
  expect(answered.last('replies').conflicts).toMatchObject([{ layer: 'claims', settledBy: 'authority' }])
})

test('a critical conflict is shown to a person with both sides', () => {
  const fee = (id: string, minor: number, kind: 'rule' | 'passage') =>
    aClaim({ id, predicate: 'loan.fee', value: { kind: 'money', minor, currency: 'EUR' }, source: { kind, ref: id } })
  const run = caseRun()
    .receive(request())
    .receive(triage())
    .receive(knowledge({ claims: [fee('k', 100, 'passage')] }))
    .receive(policy({ claims: [fee('p', 200, 'rule')] }))
  expect(run.last('escalations')).toMatchObject({
    reason: 'contradiction',
    findings: [{ severity: 'critical', left: { ref: 'k' }, right: { ref: 'p' } }],
  })
})

test('a draft that promises what policy forbids is never released', () => {
  const run = permitted({ effect: 'forbid', reason: 'It was extended before.' })
  let now = run.receive(draftFor(run, { text: 'It is extended.', commitments: [promise] }))
  expect(now.last('briefs').objections[0]).toMatchObject({ remove: ['extend_loan'] })
  now = now.receive(draftFor(now, { text: 'It is extended.', commitments: [promise] }))
  now = now.receive(draftFor(now, { text: 'It is extended.', commitments: [promise] }))
  expect(now.outcomes()).toEqual([])
  expect(now.last('escalations')).toMatchObject({ reason: 'contradiction' })
  expect(now.published.filter(({ topic }) => topic.noun === 'briefs')).toHaveLength(3)
})

test('a draft that heeds the objections is released', () => {
  const run = gathered()
  const revised = run.receive(draftFor(run, { text: 'You may keep it for 90 days.' }))
  expect(revised.state.status).toBe('revising')
  expect(revised.last('briefs').objections[0]?.statement).toContain('90 days')
  expect(revised.receive(draftFor(revised)).outcomes()).toEqual(['answered'])
})

test('a finding on a draft that was revised stays on the record as settled by the revision', () => {
  const run = gathered()
  const revised = run.receive(draftFor(run, { text: 'You may keep it for 90 days.' }))
  expect(revised.receive(draftFor(revised)).last('replies').conflicts).toMatchObject([{ layer: 'text', settledBy: 'revision' }])
})

test('a forbidden promise that stands only in the words is found too', () => {
  const run = permitted({ effect: 'forbid', reason: 'It was extended before.' })
  const text = 'It was extended before. Still: extend_loan for loan:L1.'
  expect(run.receive(draftFor(run, { text })).events.at(-2)).toMatchObject({
    type: 'checked',
    findings: [{ kind: 'states_forbidden' }],
  })
})

test('a customer who was told something else earlier is a case for a person', () => {
  const envelope = anEnvelope()
  const history = [{ role: 'agent' as const, text: 'loan.period is 14 day.', at: null }]
  const told = { ...envelope, request: { ...envelope.request, history } }
  const run = caseRun()
    .receive(request(told))
    .receive(triage({ envelope: told }))
    .receive(knowledge({ envelope: told }))
    .receive(policy({ envelope: told }))
  expect(run.last('escalations')).toMatchObject({ reason: 'contradiction', findings: [{ kind: 'told_otherwise' }] })
})

test('a draft for an older brief is late', () => {
  const run = gathered()
  const old = draftFor(run)
  const revised = run.receive(draftFor(run, { text: 'You may keep it for 90 days.' }))
  expect(revised.receive(old).outcomes()).toEqual([])
})

test('a permitted action that the draft leaves out is asked for', () => {
  const run = permitted()
  expect(run.receive(draftFor(run)).last('briefs').objections).toHaveLength(1)
})

test('a refusal without the reason that policy gives is not released', () => {
  const run = permitted({ effect: 'forbid', reason: 'It was extended before.' })
  const revised = run.receive(draftFor(run, { text: 'Sorry, that does not work.' }))
  expect(revised.last('briefs').objections[0]?.statement).toContain('reason')
})

test('a case that nobody answers expires at its deadline, and says what it waited for', () => {
  const run = caseRun()
    .receive(request())
    .receive({ noun: 'due' }, testTime + 60_000)
  expect(run.last('replies')).toMatchObject({ outcome: 'expired', error: expect.stringContaining('triage') })
  expect(run.receive(triage()).outcomes()).toEqual(['expired'])
})

test('a deadline that has not come changes nothing', () => {
  expect(
    caseRun()
      .receive(request())
      .receive({ noun: 'due' }, testTime + 59_999).events,
  ).toHaveLength(1)
})
