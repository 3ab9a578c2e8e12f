import { aFinding, anEnvelope, aReply } from '@concord/contracts/testing'
import { expect, test } from 'vitest'
import { anEntry } from '../testing/entries.ts'
import { watchOutcomes } from './outcomes.ts'

const request = { tenantId: 'acme', requestId: 'req-1' } as Parameters<ReturnType<typeof watchOutcomes>['waitFor']>[0]
const notice = anEntry('replies', aReply({ outcome: 'escalated', text: null, reason: 'contradiction' }), 50)
const outcome = anEntry(
  'replies',
  aReply({ conflicts: [aFinding()], actions: [{ action: 'extend', subject: 'loan:1', key: 'k' }] }),
  80,
)

test('a request resolves at its outcome, with what --json prints', async () => {
  const outcomes = watchOutcomes('notice')
  const waiting = outcomes.waitFor(request)
  outcomes.see(outcome)
  expect(await waiting).toEqual({
    requestId: 'req-1',
    outcome: 'answered',
    reply: 'A book may be kept for 30 days.',
    reason: 'agreed',
    error: null,
    citations: 0,
    actions: ['extend loan:1'],
    conflicts: [aFinding()],
    decidedBy: 'agents',
    traceId: 'trace-1',
    ms: 80,
  })
})

test('an outcome that came before anybody asked is kept', async () => {
  const outcomes = watchOutcomes('notice')
  outcomes.see(outcome)
  expect(await outcomes.waitFor(request)).toMatchObject({ outcome: 'answered' })
})

test('the notice is an end, unless the final outcome is wanted', async () => {
  const [first, final] = [watchOutcomes('notice'), watchOutcomes('final')]
  for (const watch of [first, final]) for (const entry of [notice, outcome]) watch.see(entry)
  expect(await first.waitFor(request)).toMatchObject({ outcome: 'escalated' })
  expect(await final.waitFor(request)).toMatchObject({ outcome: 'answered' })
})

test('a repeated outcome is one outcome id, another one is two; the notice is none', () => {
  const outcomes = watchOutcomes('notice')
  for (const entry of [notice, outcome, outcome]) outcomes.see(entry)
  expect(outcomes.outcomeIds(request).size).toBe(1)
  outcomes.see(anEntry('replies', aReply({ envelope: { messageId: 'another' } })))
  expect(outcomes.outcomeIds(request).size).toBe(2)
})

test('with a hash, only what became of that very content is taken', async () => {
  const outcomes = watchOutcomes('notice')
  const rejected = anEnvelope({ requestHash: 'other' })
  outcomes.see(anEntry('replies', aReply({ envelope: rejected, outcome: 'rejected', text: null, reason: 'request_id_reused' })))
  outcomes.see(outcome)
  expect(await outcomes.waitFor(request, 'other')).toMatchObject({ outcome: 'rejected' })
  expect(await outcomes.waitFor(request, anEnvelope().requestHash)).toMatchObject({ outcome: 'answered' })
})
