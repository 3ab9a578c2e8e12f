import {
  aCaseEvent,
  aClaim,
  aDecision,
  aDraft,
  aFinding,
  aKnowledge,
  aModelCall,
  aPolicy,
  aReply,
  aRequest,
  aTriage,
  aVerdict,
  anEscalation,
} from '@concord/contracts/testing'
import { expect, test } from 'vitest'
import { anEntry } from '../testing/entries.ts'
import { renderPath } from './render.ts'
import { casePath } from './steps.ts'

const entries = [
  anEntry('replies', aReply({ conflicts: [aFinding({ settledBy: 'authority' })] }), 90),
  anEntry('drafts', aDraft(), 60),
  anEntry('policy', aPolicy({ verdicts: [aVerdict()] }), 40),
  anEntry('knowledge', aKnowledge({ claims: [aClaim({ id: 'c-1' })] }), 41),
  anEntry('model-calls', aModelCall({ inputTokens: 300, outputTokens: 20 }), 30),
  anEntry('triage', aTriage({ riskFlags: ['legal'] }), 20),
  anEntry('case-events', aCaseEvent(), 10),
  anEntry('requests', aRequest({ customerId: 'c-17' }), 0),
]

test('nothing is no path', () => {
  expect(casePath([])).toBeNull()
})

test('the path is told in the order of time, from the request on', () => {
  const path = casePath(entries)
  expect(path?.steps.map(({ at, who, what }) => `${at} ${who} ${what}`)).toEqual([
    '0 c-17 asks',
    '10 coordinator opened',
    '20 triage reads',
    '40 policy rules',
    '41 knowledge claims',
    '60 response drafts',
  ])
  expect(path).toMatchObject({ outcome: 'answered', reason: 'agreed', ms: 90, traceIds: ['trace-1'] })
})

test('what is of one millisecond is told in the order of the flow', () => {
  const path = casePath([anEntry('policy', aPolicy()), anEntry('triage', aTriage()), anEntry('requests', aRequest())])
  expect(path?.steps.map(({ who }) => who)).toEqual(['somebody', 'triage', 'policy'])
})

test('each step says what it rests on', () => {
  const steps = casePath(entries)?.steps ?? []
  const basis = (who: string) => steps.find((step) => step.who === who)?.basis
  expect(basis('knowledge')).toEqual(['c-1'])
  expect(basis('response')).toEqual(['c-1 (Loans, version 1)'])
})

test('a case that nobody has answered is open, and one that waits is escalated until somebody decides', () => {
  const waiting = [anEntry('requests', aRequest()), anEntry('escalations', anEscalation(), 5)]
  expect(casePath(waiting)).toMatchObject({ outcome: 'open', text: null })
  const notice = anEntry('replies', aReply({ outcome: 'escalated', text: null, reason: 'contradiction' }), 6)
  expect(casePath([...waiting, notice])).toMatchObject({ outcome: 'escalated' })
  const decided = [anEntry('decisions', aDecision(), 10), anEntry('replies', aReply({ decidedBy: 'rae' }), 12)]
  expect(casePath([...waiting, notice, ...decided])).toMatchObject({ outcome: 'answered', ms: 12 })
})

test('two trace ids are both shown: something is wrong', () => {
  const path = casePath([anEntry('requests', aRequest()), anEntry('triage', aTriage(), 1, { traceId: 'trace-2' })])
  expect(path?.traceIds).toEqual(['trace-1', 'trace-2'])
})

test('the page shows times, tokens, the conflict with who settled it, and the reply', () => {
  const page = renderPath(casePath(entries)!)
  expect(page).toContain('req-1: answered (agreed) after 90 ms')
  expect(page).toContain('1 model calls, 320 tokens, cost unknown')
  expect(page).toContain('permit extend_loan for loan:L1 by loans.extend-once')
  expect(page).toContain('[claims, major] Knowledge says 30 days, policy says 14 days. Settled by: authority.')
  expect(page).toContain('  A book may be kept for 30 days.')
})

test('a cost is shown where the price is known', () => {
  const path = casePath([...entries.slice(0, -4), anEntry('model-calls', aModelCall({ costMicros: 1_500 }))])
  expect(renderPath(path!)).toContain('cost 0.0015')
})
