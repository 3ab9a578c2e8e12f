import { aClaim, anEnvelope, testTime } from '@concord/contracts/testing'
import { expect, test } from 'vitest'
import {
  caseRun,
  draftFor,
  extension,
  failure,
  knowledge,
  policy,
  promise,
  request,
  result,
  triage,
} from './testing/case-spec.ts'

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

test('a permitted action is carried out before the reply that promises it', () => {
  const run = permitted()
  const acting = run.receive(draftFor(run, { commitments: [promise] }))
  expect(acting.state.status).toBe('acting')
  expect(acting.outcomes()).toEqual([])
  expect(acting.last('actions')).toMatchObject({ action: 'extend_loan', approvedBy: 'agents', recordVersion: '1' })
  const answered = acting.receive(result())
  expect(answered.last('replies')).toMatchObject({
    outcome: 'answered',
    actions: [{ action: 'extend_loan', subject: 'loan:L1' }],
  })
})

test('a permitted action that the draft leaves out is asked for', () => {
  const run = permitted()
  expect(run.receive(draftFor(run)).last('briefs').objections).toHaveLength(1)
})

test('a record that changed makes policy rule again, on the next revision', () => {
  const run = permitted()
  const conflicted = run.receive(draftFor(run, { commitments: [promise] })).receive(result({ status: 'conflict' }))
  expect(conflicted.last('reworks')).toMatchObject({ agent: 'policy', envelope: { revision: 1 } })
  const again = conflicted.receive(
    policy({ envelope: { revision: 1 }, verdicts: [extension({ effect: 'forbid', reason: 'It was extended before.' })] }),
  )
  const declined = again.receive(draftFor(again, { text: 'It was extended before.' }))
  expect(declined.last('replies')).toMatchObject({
    outcome: 'declined',
    reason: 'forbidden',
    conflicts: [{ layer: 'assumptions', kind: 'stale_record', settledBy: 'rework' }],
  })
})

test('a refusal without the reason that policy gives is not released', () => {
  const run = permitted({ effect: 'forbid', reason: 'It was extended before.' })
  const revised = run.receive(draftFor(run, { text: 'Sorry, that does not work.' }))
  expect(revised.last('briefs').objections[0]?.statement).toContain('reason')
})

test('an action that needs approval waits for a person, who sees what it does', () => {
  const run = permitted({ effect: 'needs_approval', rule: 'R9', reason: 'Two extensions need approval.' })
  const waiting = run.receive(draftFor(run, { commitments: [promise] }))
  expect(waiting.last('escalations')).toMatchObject({
    reason: 'needs_approval',
    consequence: 'extend_loan for loan:L1 cannot be undone.',
  })
  expect(waiting.published.some(({ topic }) => topic.noun === 'actions')).toBe(false)
})

test('an action whose result nobody reports goes to a person, and its deadline closes nothing', () => {
  const run = permitted()
  const acting = run.receive(draftFor(run, { commitments: [promise] }))
  expect(acting.receive({ noun: 'due' }, testTime + 61_000).outcomes()).toEqual([])
  const unknown = acting.receive({ noun: 'due' }, testTime + 400_000)
  expect(unknown.last('escalations')).toMatchObject({ reason: 'action_unknown' })
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

test('an agent that cannot answer sends the case to a person', () => {
  const run = caseRun().receive(request()).receive(triage()).receive(failure())
  expect(run.last('escalations')).toMatchObject({ reason: 'agent_failed', summary: expect.stringContaining('knowledge') })
})

test('the same request after its outcome gets that outcome again', () => {
  const run = gathered()
  const answered = run.receive(draftFor(run))
  const again = answered.receive(request())
  expect(again.outcomes()).toEqual(['answered', 'answered'])
  expect(again.published.at(-1)).toEqual(answered.published.at(-1))
})

test('a request id with other content is rejected under an outcome id of its own', () => {
  const run = gathered()
  const reused = run.receive(request(anEnvelope({ requestHash: 'another' })))
  expect(reused.last('replies')).toMatchObject({
    outcome: 'rejected',
    reason: 'request_id_reused',
    error: expect.stringContaining('req-1'),
  })
  const answered = reused.receive(draftFor(run))
  expect(answered.last('replies').envelope.messageId).not.toBe(reused.last('replies').envelope.messageId)
})

test('a request id that is reused in another conversation is rejected too', () => {
  const reused = gathered().receive(request(anEnvelope({ conversationId: 'elsewhere' })))
  expect(reused.last('replies')).toMatchObject({ outcome: 'rejected' })
})

test('an agent that ran out of time with the whole case lets the case expire, whichever is told first', () => {
  const { deadline } = anEnvelope()
  const late = failure({ agent: 'triage', code: 'deadline_exceeded', envelope: { madeAt: deadline } })
  expect(caseRun().receive(request()).receive(late, deadline).outcomes()).toEqual(['expired'])
  const early = failure({ agent: 'triage', code: 'deadline_exceeded', envelope: { madeAt: deadline - 1 } })
  expect(
    caseRun()
      .receive(request())
      .receive(early, deadline - 1)
      .last('escalations'),
  ).toMatchObject({ reason: 'agent_failed' })
})
