import { caseFacts, replies, requests } from '@concord/contracts'
import { anEnvelope, aReply, aRequest, testTime } from '@concord/contracts/testing'
import { expect, test } from 'vitest'
import { endsOnce } from './ends-once.ts'
import { sameBytes } from './same-bytes.ts'
import { createLog, facts } from './testing.ts'

const request = aRequest()
const hash = caseFacts(request, { timestamp: testTime }).requestHash

test('one outcome, said twice in the same words, is one outcome', () => {
  const log = createLog()
  log.said(requests, request)
  for (let times = 0; times < 2; times++) log.said(replies, aReply())
  expect(endsOnce(facts({ appended: log.all }))).toEqual([])
  expect(sameBytes(facts({ appended: log.all }))).toEqual([])
})

test('a request without an outcome is found, a notice is none', () => {
  const log = createLog()
  log.said(requests, request)
  log.said(replies, aReply({ outcome: 'escalated', text: null, reason: 'no_answer' }))
  expect(endsOnce(facts({ appended: log.all }))).toEqual([`acme/req-1 with content ${hash.slice(0, 8)} has 0 outcomes.`])
})

test('two outcomes of one request are found', () => {
  const log = createLog()
  log.said(requests, request)
  log.said(replies, aReply())
  log.said(replies, aReply({ envelope: anEnvelope({ messageId: 'another' }) }))
  expect(endsOnce(facts({ appended: log.all }))).toEqual([`acme/req-1 with content ${hash.slice(0, 8)} has 2 outcomes.`])
})

test('of two contents under one id only one is answered, and each has its outcome', () => {
  const other = aRequest({ text: 'Something else?' })
  const otherHash = caseFacts(other, { timestamp: testTime }).requestHash
  const outcome = (reason: string) => aReply({ reason, envelope: anEnvelope({ requestHash: otherHash, messageId: 'another' }) })
  for (const [reason, problems] of [
    ['request_id_reused', 0],
    ['agreed', 1],
  ] as const) {
    const log = createLog()
    log.said(requests, request)
    log.said(requests, other)
    log.said(replies, aReply())
    log.said(replies, outcome(reason))
    expect(endsOnce(facts({ appended: log.all }))).toHaveLength(problems)
  }
})

test('one id with two contents is found, and not held against an agent that has lost its memory', () => {
  const log = createLog()
  log.said(replies, aReply())
  log.said(replies, aReply({ text: 'Something else.' }))
  const found = ['concord.replies.v1/0@1 has the id of concord.replies.v1/0@0 (req-1) and says something else.']
  expect(sameBytes(facts({ appended: log.all }))).toEqual(found)
  const lost = [{ seq: 1, by: 'store', kind: 'store-lost' as const }]
  expect(sameBytes(facts({ appended: log.all, disturbances: lost }))).toEqual(found)
  const byAgent = log.all.map((one) => ({ ...one, value: { ...(one.value as object), envelope: anEnvelope() } }))
  expect(sameBytes(facts({ appended: byAgent }))).toHaveLength(1)
  expect(sameBytes(facts({ appended: byAgent, disturbances: lost }))).toEqual([])
})
