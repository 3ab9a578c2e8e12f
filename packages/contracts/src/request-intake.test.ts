import { expect, test } from 'vitest'
import { Envelope } from './envelope.ts'
import { basisOf, caseFacts, messageHash, nextEnvelope, openEnvelope } from './request-intake.ts'
import { aKnowledge, aRequest, testTime } from './testing.ts'

const record = { timestamp: testTime }
const triage = { agent: 'triage', version: '1', domainVersion: 'd1', now: testTime + 5 }
const coordinator = { agent: 'coordinator', version: '1', domainVersion: 'd1', now: testTime + 9 }

test('every reader of a request derives the same case from it', () => {
  const { messageId: _, madeAt: __, madeBy: ___, ...first } = openEnvelope(aRequest(), record, triage)
  const { messageId: ____, madeAt: _____, madeBy: ______, ...second } = openEnvelope(aRequest(), record, coordinator)
  expect(first).toEqual(second)
})

test('a request without a conversation or a deadline gets its own and a minute from the broker’s time', () => {
  expect(caseFacts(aRequest(), record)).toMatchObject({ conversationId: 'req-1', deadline: testTime + 60_000 })
  const named = aRequest({ conversationId: 'c-9', deadline: testTime + 5_000 })
  expect(caseFacts(named, record)).toMatchObject({ conversationId: 'c-9', deadline: testTime + 5_000 })
})

test('the snapshot says what was asked and when it came', () => {
  const request = aRequest({ text: 'Hello?', accessGroups: ['members'], metadata: { branch: 'central' } })
  const { request: snapshot } = caseFacts(request, record)
  expect(snapshot).toMatchObject({
    text: 'Hello?',
    accessGroups: ['members'],
    metadata: { branch: 'central' },
    receivedAt: testTime,
  })
})

const hashOf = (overrides: Parameters<typeof aRequest>[0], timestamp = testTime) =>
  caseFacts(aRequest(overrides), { timestamp }).requestHash

test.each([
  ['text', { text: 'Something else?' }],
  ['customer', { customerId: 'm-2' }],
  ['conversation', { conversationId: 'c-9' }],
  ['access groups', { accessGroups: ['staff'] }],
  ['history', { history: [{ role: 'customer' as const, text: 'Hi' }] }],
  ['metadata', { metadata: { branch: 'west' } }],
  ['priority', { priority: 'high' as const }],
])('another %s is another content', (_, overrides) => {
  expect(hashOf(overrides)).not.toBe(hashOf({}))
})

test('the same request sent again is the same content', () => {
  expect(hashOf({}, testTime + 1_000)).toBe(hashOf({}))
  expect(hashOf({ deadline: testTime + 90_000 })).toBe(hashOf({}))
  expect(hashOf({ conversationId: 'req-1' })).toBe(hashOf({}))
})

test('doing the work again gives the same message id; another revision, maker or noun gives another', () => {
  const first = openEnvelope(aRequest(), record, triage)
  expect(openEnvelope(aRequest(), record, { ...triage, now: testTime + 999 }).messageId).toBe(first.messageId)
  const others = [{ revision: 1 }, { agent: 'policy' }, { noun: 'failures' }].map(
    (change) => nextEnvelope(first, { ...triage, ...change }).messageId,
  )
  expect(new Set([first.messageId, ...others]).size).toBe(4)
})

test('an envelope takes revision and level from the one before unless told', () => {
  const first = openEnvelope(aRequest(), record, { ...triage, level: 1, revision: 2, promptVersion: 'p3' })
  expect(first).toMatchObject({ level: 1, revision: 2, madeBy: { agent: 'triage', promptVersion: 'p3' }, basedOn: [] })
  const basedOn = [{ id: 'm', hash: 'h' }]
  const next = nextEnvelope(first, { ...coordinator, noun: 'briefs', basedOn })
  expect(next).toMatchObject({
    level: 1,
    revision: 2,
    madeAt: testTime + 9,
    madeBy: { agent: 'coordinator', promptVersion: null },
    basedOn,
  })
  expect(nextEnvelope(first, { ...coordinator, revision: 0, level: 0 })).toMatchObject({ level: 0, revision: 0 })
  expect(Envelope.parse(next)).toEqual(next)
})

test('a message’s hash covers its content and not the time of making', () => {
  const message = aKnowledge()
  const again = { ...message, envelope: { ...message.envelope, madeAt: testTime + 77_000 } }
  expect(messageHash(again)).toBe(messageHash(message))
  expect(messageHash({ ...message, confidence: 0.1 })).not.toBe(messageHash(message))
  expect(messageHash(aKnowledge({ envelope: { level: 2 } }))).not.toBe(messageHash(message))
  expect(basisOf(message)).toEqual({ id: message.envelope.messageId, hash: messageHash(message) })
})
