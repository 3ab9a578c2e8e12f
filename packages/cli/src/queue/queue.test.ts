import { aFinding, anEscalation, anEnvelope, aVerdict, testTime } from '@concord/contracts/testing'
import { expect, test } from 'vitest'
import type { Client, Verdict, WaitingCase } from '../client/client.ts'
import { decideNow } from './decide.ts'
import { renderCase, renderQueue } from './render.ts'

const waiting: WaitingCase = {
  requestId: 'req-1',
  escalation: anEscalation({ verdicts: [aVerdict({ effect: 'needs_approval', amount: { minor: 89_900, currency: 'EUR' } })] }),
}
const wish = { requestId: 'req-1', decision: 'approve', text: null, reason: null, reviewer: 'rae' } as const

function desk(result = { event: 'decided', reason: 'rae decided to approve.' }) {
  const taken: Verdict[] = []
  const client = {
    waiting: async () => [waiting],
    decide: async (verdict: Verdict) => {
      taken.push(verdict)
      return result
    },
  } as unknown as Client
  return { client, taken }
}

test('a decision is on exactly the version and the content that the case has now', async () => {
  const { client, taken } = desk()
  await decideNow(client, wish)
  expect(taken).toEqual([{ ...wish, caseVersion: 7, shownHash: 'shown-1' }])
})

test('a reviewer who has looked at another version decides nothing', async () => {
  const { client, taken } = desk()
  await expect(decideNow(client, { ...wish, version: 6 })).rejects.toThrow('req-1 is at version 7 by now, not at 6')
  expect(taken).toEqual([])
})

test('a refused decision says why', async () => {
  const { client } = desk({ event: 'decision_refused', reason: 'There is no draft to approve.' })
  await expect(decideNow(client, wish)).rejects.toThrow('There is no draft to approve.')
})

test('a case that waits for nobody is not found', async () => {
  await expect(decideNow(desk().client, { ...wish, requestId: 'req-2' })).rejects.toMatchObject({ code: 'not_found' })
})

test('the list shows why each case waits and how long it may', () => {
  expect(renderQueue([waiting], testTime)).toContain('req-1    contradiction  within 60 min  normal    Two sources disagree')
  expect(renderQueue([waiting], testTime + 7_200_000)).toContain('60 min ago')
  expect(renderQueue([], testTime)).toBe('No case waits for a person.')
})

test('a case shows both sides of the conflict, the draft, the verdict and what it would do', () => {
  const page = renderCase(waiting, testTime)
  for (const words of [
    'version 7: contradiction',
    'When does the library open?',
    'The customer would be told 14 days.',
    'knowledge: 30 days   [c-1]',
    'policy: 14 days   [c-2]',
    'A book may be kept for 14 days.',
    'needs_approval extend_loan for loan:L1, EUR 899.00, by loans.extend-once',
    './concord queue approve|edit|respond|reject req-1 --version 7',
  ]) {
    expect(page).toContain(words)
  }
})

test('a case without a draft offers only what can be decided', () => {
  const page = renderCase(
    { ...waiting, escalation: anEscalation({ draft: null, findings: [aFinding()], envelope: anEnvelope() }) },
    testTime,
  )
  expect(page).toContain('queue respond|reject req-1')
})
