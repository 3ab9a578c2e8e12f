import { caseEvents, knowledge } from '@concord/contracts'
import { aCaseEvent, aKnowledge, testTime } from '@concord/contracts/testing'
import { expect, test } from 'vitest'
import { deadlinesLast } from './deadlines.ts'
import { createLog, facts } from './testing.ts'

const answer = aKnowledge()
const expiry = JSON.stringify({ reply: { outcome: 'expired' } })

/** An answer in the log, and a case that expires, having read it or not. */
function expired(wasRead: boolean, deadline = testTime + 60_000): string[] {
  const { said, all } = createLog()
  said(knowledge, answer)
  const inputs = wasRead ? [{ id: answer.envelope.messageId, hash: 'h' }] : []
  said(caseEvents, aCaseEvent({ event: 'informed', caseVersion: 1, inputs, envelope: { messageId: 'e-1' } }))
  const envelope = { messageId: 'e-2', deadline }
  said(caseEvents, aCaseEvent({ event: 'closed', caseVersion: 2, inputs: [], data: expiry, envelope }))
  return deadlinesLast(facts({ appended: all }))
}

test('a case may expire when all that came in time was read', () => {
  expect(expired(true)).toEqual([])
})

test('an answer that came in time and was not read is found, a late one is none', () => {
  expect(expired(false)).toEqual(['acme/req-1 expired while a message on concord.knowledge.v1 had stood in the log in time.'])
  expect(expired(false, testTime)).toEqual([])
})
