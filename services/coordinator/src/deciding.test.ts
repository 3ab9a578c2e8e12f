import { aClaim } from '@concord/contracts/testing'
import { expect, test } from 'vitest'
import {
  caseRun,
  decision,
  draftFor,
  extension,
  knowledge,
  policy,
  promise,
  request,
  result,
  triage,
  type CaseRun,
} from './testing/case-spec.ts'

function waiting(): CaseRun {
  const run = caseRun()
    .receive(request())
    .receive(triage())
    .receive(knowledge())
    .receive(policy({ verdicts: [extension({ effect: 'needs_approval' })] }))
  return run.receive(draftFor(run, { commitments: [promise] }))
}

test('what a person approves is carried out and then sent', () => {
  const run = waiting()
  const acting = run.receive(decision(run))
  expect(acting.last('actions')).toMatchObject({ approvedBy: 'ada' })
  expect(acting.receive(result()).last('replies')).toMatchObject({ outcome: 'answered', decidedBy: 'ada', disclosure: null })
})

test('approval of another version of the case is refused and changes nothing', () => {
  const run = waiting()
  const refused = run.receive(decision(run, { caseVersion: 1 }))
  expect(refused.state.status).toBe('escalated')
  expect(refused.events.at(-1)).toMatchObject({ type: 'decision_refused', reason: expect.stringContaining('version') })
})

test('approval of something else than was shown is refused', () => {
  const run = waiting()
  expect(run.receive(decision(run, { shownHash: 'forged' })).events.at(-1)).toMatchObject({ type: 'decision_refused' })
})

test('a second click gets nothing done a second time', () => {
  const run = waiting()
  const acting = run.receive(decision(run))
  expect(acting.receive(decision(run)).published).toHaveLength(acting.published.length)
})

test('what a person writes passes the same checks', () => {
  const run = waiting()
  const refused = run.receive(decision(run, { decision: 'edit', text: 'You may keep it for 90 days.' }))
  expect(refused.events.at(-1)).toMatchObject({ type: 'decision_refused', findings: [{ layer: 'text' }] })
  const edited = run.receive(decision(run, { decision: 'edit', text: 'You may keep it for 30 days.' })).receive(result())
  expect(edited.last('replies')).toMatchObject({ outcome: 'answered', text: 'You may keep it for 30 days.' })
})

test('a rejected case is declined in the words of the person, or else of the domain', () => {
  const run = waiting()
  expect(run.receive(decision(run, { decision: 'reject' })).last('replies')).toMatchObject({
    outcome: 'declined',
    text: 'We cannot do this.',
  })
  expect(run.receive(decision(run, { decision: 'reject', text: 'Sorry, no.' })).last('replies')).toMatchObject({
    text: 'Sorry, no.',
  })
})

test('a case without a draft cannot be approved, only answered or rejected', () => {
  const run = caseRun()
    .receive(request())
    .receive(triage({ riskFlags: ['legal_threat'] }))
  expect(run.receive(decision(run)).events.at(-1)).toMatchObject({ type: 'decision_refused' })
  expect(run.receive(decision(run, { decision: 'edit', text: 'A colleague will call you.' })).last('replies')).toMatchObject({
    outcome: 'answered',
    reason: 'decided_by_person',
  })
})

test('a rejection in words of its own passes the same checks', () => {
  const run = waiting()
  const refused = run.receive(decision(run, { decision: 'reject', text: 'No, but we pay you €500.' }))
  expect(refused.events.at(-1)).toMatchObject({ type: 'decision_refused', findings: [{ kind: 'unsupported_amount' }] })
})

test('a text of white space is none', () => {
  const run = waiting()
  for (const kind of ['edit', 'respond'] as const) {
    expect(run.receive(decision(run, { decision: kind, text: ' \n' })).events.at(-1)).toMatchObject({ type: 'decision_refused' })
  }
  expect(run.receive(decision(run, { decision: 'reject', text: ' ' })).last('replies').text).toBe('We cannot do this.')
})

test('an approved draft passes the layers that a text alone cannot fail: its claims and what it rests on', () => {
  const claims = [aClaim({ id: 'd-1', predicate: 'loan.fee' })]
  let run = caseRun().receive(request()).receive(triage()).receive(knowledge()).receive(policy())
  for (let draft = 0; draft < 3; draft++) run = run.receive(draftFor(run, { claims }))
  expect(run.last('escalations')).toMatchObject({ reason: 'contradiction' })
  const refused = run.receive(decision(run))
  expect(refused.events.at(-1)).toMatchObject({ type: 'decision_refused', findings: [{ kind: 'unsupported_claim' }] })
  expect(refused.receive(decision(run, { decision: 'respond', text: 'It is free.' })).outcomes()).toEqual(['answered'])
})

test('a person does not say that something was done that nobody does', () => {
  const run = waiting()
  const text = 'extend_loan for loan:L1 is done.'
  expect(run.receive(decision(run, { decision: 'respond', text })).events.at(-1)).toMatchObject({
    type: 'decision_refused',
    findings: [{ kind: 'states_uncommitted' }],
  })
})

test('while sources are in critical conflict, a person may rest on the one with authority and not on the other', () => {
  const fee = (id: string, minor: number, kind: 'rule' | 'passage') =>
    aClaim({ id, predicate: 'loan.fee', value: { kind: 'money', minor, currency: 'EUR' }, source: { kind, ref: id } })
  const run = caseRun()
    .receive(request())
    .receive(triage())
    .receive(knowledge({ claims: [fee('k', 100, 'passage')] }))
    .receive(policy({ claims: [fee('p', 200, 'rule')] }))
  const edit = (text: string) => run.receive(decision(run, { decision: 'edit', text }))
  expect(edit('The fee is 100 EUR.').events.at(-1)).toMatchObject({ type: 'decision_refused' })
  expect(edit('The fee is 200 EUR.').last('replies')).toMatchObject({ outcome: 'answered', decidedBy: 'ada' })
})
