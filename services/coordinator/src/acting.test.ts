import { messageHash, topics } from '@concord/contracts'
import { anEnvelope, testTime } from '@concord/contracts/testing'
import { expect, test } from 'vitest'
import { dueAt } from './deadlines.ts'
import {
  caseRun,
  decision,
  draftFor,
  extension,
  failure,
  knowledge,
  policy,
  promise,
  request,
  result,
  triage,
  valuesOn,
  type CaseRun,
} from './testing/case-spec.ts'

const other = { action: 'renew_card', subject: 'card:C1' }
const renewal = extension({ id: 'v-2', ...other })

function ruled(...verdicts: ReturnType<typeof extension>[]): CaseRun {
  return caseRun().receive(request()).receive(triage()).receive(knowledge()).receive(policy({ verdicts }))
}

const permitted = (overrides: Parameters<typeof extension>[0] = {}) => ruled(extension(overrides))

function actingOn(...promises: (typeof promise)[]): CaseRun {
  const run = ruled(extension(), renewal)
  return run.receive(draftFor(run, { commitments: promises }))
}

const keyOf = (run: CaseRun, of: typeof promise): string =>
  valuesOn(run.published, 'actions').find(({ action }) => action === of.action)?.key ?? 'none'

const reported = (run: CaseRun, of: typeof promise, status: 'done' | 'conflict' | 'refused' | 'failed', revision = 0) =>
  result({ ...of, key: keyOf(run, of), status, envelope: { revision } })

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

test('a promise that is made twice is carried out once', () => {
  const run = ruled(extension())
  const acting = run.receive(draftFor(run, { commitments: [promise, promise] }))
  expect(acting.published.filter(({ topic }) => topic.noun === 'actions')).toHaveLength(1)
})

test('nothing is concluded before every action has its result', () => {
  const run = actingOn(promise, other)
  for (const status of ['conflict', 'refused', 'failed'] as const) {
    const waiting = run.receive(reported(run, promise, status))
    expect(waiting.state.status).toBe('acting')
    const all = waiting.receive(reported(run, other, 'done'))
    expect(all.last('escalations').reason).toBe(status === 'conflict' ? 'partly_done' : 'action_failed')
    const answered = all.receive(decision(all, { decision: 'respond', text: 'One of the two is done.' }))
    expect(answered.last('replies').actions).toMatchObject([other])
  }
})

test('a result that comes while a person has the case is kept, shown, and named in the reply', () => {
  const run = actingOn(promise, other).receive({ noun: 'due' }, testTime + 400_000)
  const old = decision(run, { decision: 'reject' })
  const told = run.receive(reported(run, promise, 'done'))
  expect(told.last('escalations')).toMatchObject({ reason: 'action_reported', summary: expect.stringContaining('done') })
  expect(told.receive(old).events.at(-1)).toMatchObject({ type: 'decision_refused' })
  const rejected = told.receive(decision(told, { decision: 'reject' }))
  expect(rejected.last('replies').actions).toMatchObject([promise])
})

test('what was done is not approved again', () => {
  const run = actingOn(promise, other).receive({ noun: 'due' }, testTime + 400_000)
  const told = run.receive(reported(run, promise, 'done'))
  const approved = told.receive(decision(told))
  expect(approved.events.at(-1)?.outputs.map(({ value }) => 'action' in value && value.action)).toEqual([other.action])
})

test('a failure of an older approval is late, but what was done was done', () => {
  const run = actingOn(promise, other).receive({ noun: 'due' }, testTime + 400_000)
  const again = run.receive(decision(run))
  expect(again.state.status).toBe('acting')
  for (const status of ['conflict', 'refused', 'failed'] as const) {
    expect(again.receive(reported(run, promise, status, 0)).events.at(-1)?.type).toBe('late')
    expect(again.receive(reported(run, promise, status, 1)).events.some(({ type }) => type === 'acted')).toBe(true)
  }
  expect(again.receive(reported(run, promise, 'done', 0)).events.at(-1)?.type).toBe('acted')
  expect(again.receive(failure({ agent: 'executor' })).events.at(-1)?.type).toBe('late')
  expect(again.receive(failure({ agent: 'executor', envelope: { revision: 1 } })).last('escalations').reason).toBe(
    'action_failed',
  )
})

test('a verdict whose time is over is asked for again before anything is done', () => {
  const run = ruled(extension({ validUntil: testTime + 1_000 }))
  const asked = run.receive(draftFor(run, { commitments: [promise] }))
  expect(asked.last('reworks')).toMatchObject({ agent: 'policy', changed: expect.arrayContaining(['loan:L1']) })
  const ruledAnew = asked.receive(policy({ envelope: { revision: 1 }, verdicts: [extension({ validUntil: testTime + 9_000 })] }))
  const acting = ruledAnew.receive(draftFor(ruledAnew, { commitments: [promise] }))
  expect(acting.last('actions').validUntil).toBe(testTime + 9_000)
})

test('a verdict whose time is over when a person approves, after the deadline, stays with people', () => {
  const run = ruled(extension({ effect: 'needs_approval', validUntil: testTime + 70_000 }))
  const waiting = run.receive(draftFor(run, { commitments: [promise] }))
  const late = waiting.receive(decision(waiting), testTime + 80_000)
  expect(late.last('escalations')).toMatchObject({ reason: 'contradiction', findings: [{ kind: 'stale_verdict' }] })
  expect(late.published.some(({ topic }) => topic.noun === 'actions')).toBe(false)
})

test('of two rulings on one thing the stricter is acted on', () => {
  const run = ruled(extension(), extension({ id: 'v-3', effect: 'needs_approval', requested: false }))
  expect(run.last('briefs').permitted).toMatchObject([{ id: 'v-3', requested: true }])
  expect(run.receive(draftFor(run, { commitments: [promise] })).last('escalations')).toMatchObject({ reason: 'needs_approval' })
  const forbidden = ruled(extension(), extension({ id: 'v-3', effect: 'forbid' }))
  expect(forbidden.last('briefs')).toMatchObject({ outcome: 'declined', permitted: [], forbidden: [{ id: 'v-3' }] })
})

test('ids of any length and thirty actions make valid actions and a valid reply', () => {
  const envelope = anEnvelope({ tenantId: 't'.repeat(64), requestId: 'r'.repeat(128), customerId: 'c'.repeat(128) })
  const things = Array.from({ length: 30 }, (_, index) => ({ action: 'a'.repeat(100), subject: `${index}`.padEnd(200, 's') }))
  let run = caseRun()
    .receive(request(envelope))
    .receive(triage({ envelope }))
    .receive(knowledge({ envelope }))
    .receive(policy({ envelope, verdicts: things.map((thing, index) => extension({ ...thing, id: `v-${index}` })) }))
  const { value } = draftFor(run, { commitments: things })
  const draft = { ...value, envelope: { ...envelope, messageId: value.envelope.messageId, basedOn: value.envelope.basedOn } }
  run = run.receive({ noun: 'drafts', id: draft.envelope.messageId, hash: messageHash(draft), value: draft })
  const actions = valuesOn(run.published, 'actions')
  expect(new Set(actions.map(({ key }) => key)).size).toBe(30)
  for (const { key, action, subject } of actions) run = run.receive(result({ envelope, key, action, subject }))
  expect(run.outcomes()).toEqual(['answered'])
  for (const { topic, value: made } of run.published) {
    expect(topics.find(({ name }) => name === topic.name)?.schema.safeParse(made).error).toBeUndefined()
  }
})

test('the deadline of the case changes nothing while its action may yet be reported', () => {
  const run = actingOn(promise, other)
  expect(run.receive({ noun: 'due' }, testTime + 60_000).events).toEqual(run.events)
  expect(dueAt(run.state)).toBe(testTime + 301_000)
})
