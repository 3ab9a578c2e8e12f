import { replies, requestLimits } from '@concord/contracts'
import { anEnvelope, testTime } from '@concord/contracts/testing'
import { expect, test } from 'vitest'
import { dueAt } from './deadlines.ts'
import { caseRun, decision, draftFor, knowledge, policy, request, result, triage } from './testing/case-spec.ts'

test('what answers the coordinator begins no case where none is known', () => {
  const run = caseRun().receive(request()).receive(triage()).receive(knowledge()).receive(policy())
  const threat = caseRun()
    .receive(request())
    .receive(triage({ riskFlags: ['legal_threat'] }))
  for (const input of [draftFor(run), result(), decision(threat)]) expect(caseRun().receive(input).events).toEqual([])
})

test('no case waits longer than a day, whatever its deadline', () => {
  const run = caseRun().receive(request(anEnvelope({ deadline: 2 ** 52 })))
  expect(dueAt(run.state)).toBe(testTime + 86_400_000)
  expect(run.receive({ noun: 'due' }, testTime + 86_400_000).outcomes()).toEqual(['expired'])
})

const wordy = () => {
  const envelope = anEnvelope()
  const history = Array.from({ length: 50 }, () => ({
    role: 'agent' as const,
    text: '"'.repeat(requestLimits.textChars),
    at: null,
  }))
  return { ...envelope, request: { ...envelope.request, history } }
}

test.each([
  ['itself', request(wordy())],
  ['as triage tells it', triage({ envelope: wordy() })],
])('a request that no message of its case could carry is rejected with what to do: %s', (_, input) => {
  const run = caseRun().receive(input)
  expect(run.last('replies')).toMatchObject({
    outcome: 'rejected',
    reason: 'request_too_large',
    error: expect.stringContaining('fewer'),
  })
  expect(replies.schema.safeParse(run.last('replies')).error).toBeUndefined()
  expect(JSON.stringify(run.state).length).toBeLessThan(100_000)
  expect(run.receive(knowledge({ envelope: wordy() })).outcomes()).toEqual(['rejected'])
})

test('other content that is too long is rejected as a reused id, and carried no further', () => {
  const run = caseRun().receive(request())
  const reused = run.receive(request({ ...wordy(), requestHash: 'another' }))
  expect(reused.last('replies')).toMatchObject({ reason: 'request_id_reused', envelope: { request: { history: [] } } })
})

const gathered = () => caseRun().receive(request()).receive(triage()).receive(knowledge()).receive(policy())

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

test('other content that comes again is rejected byte for byte as before, whenever that is', () => {
  const other = anEnvelope({ requestHash: 'another' })
  const run = gathered().receive(request(other))
  const later = { ...other, deadline: other.deadline + 9_000, madeAt: other.madeAt + 9_000 }
  const again = run.receive(request({ ...later, request: { ...other.request, receivedAt: later.madeAt } }), later.madeAt)
  expect(again.published).toHaveLength(run.published.length + 1)
  expect(again.last('replies')).toEqual(run.last('replies'))
})

test('a request id that is reused in another conversation is rejected too', () => {
  const reused = gathered().receive(request(anEnvelope({ conversationId: 'elsewhere' })))
  expect(reused.last('replies')).toMatchObject({ outcome: 'rejected' })
})

test('a request that is read only after its case has ended is no repeat, and a later one is', () => {
  const ended = caseRun().receive(triage({ intent: 'weather' }))
  const read = ended.receive(request())
  expect(read.published).toHaveLength(ended.published.length)
  expect(read.receive(request()).published.at(-1)).toEqual(ended.published.at(-1))
})

test('the same request while a person decides gets its notice again', () => {
  const run = caseRun()
    .receive(request())
    .receive(triage({ riskFlags: ['legal_threat'] }))
  const again = run.receive(request())
  expect(again.published.at(-1)).toEqual(run.published.at(-1))
  expect(again.published).toHaveLength(run.published.length + 1)
})
