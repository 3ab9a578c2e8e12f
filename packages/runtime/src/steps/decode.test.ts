import { triaged, requests } from '@concord/contracts'
import { aRequest, aTriage } from '@concord/contracts/testing'
import { expect, test } from 'vitest'
import { aNext, aRecord, aWork, pieces } from '../testing/pieces.ts'
import { messageOf } from '../work.ts'
import { decode } from './decode.ts'

test('a message brings its envelope', async () => {
  const { shell } = await pieces()
  const value = aTriage()
  const work = aWork({ message: null, record: aRecord({ value: await shell.deps.codec.encode(triaged, value) }) })
  await decode(shell)(work, aNext().next)
  expect(messageOf(work)).toMatchObject({
    id: value.envelope.messageId,
    envelope: { requestId: 'req-1' },
    value: { intent: value.intent },
  })
})

test('a request gets an envelope that every reader derives alike, from the time of its record', async () => {
  const { shell } = await pieces()
  const bytes = await shell.deps.codec.encode(requests, aRequest())
  const envelopes = await Promise.all(
    [1, 2].map(async () => {
      const work = aWork({ message: null, record: aRecord({ topic: requests.name, value: bytes, timestamp: 1_000 }) })
      await decode(shell)(work, aNext().next)
      return messageOf(work).envelope
    }),
  )
  expect(envelopes[0]).toEqual(envelopes[1])
  expect(envelopes[0]).toMatchObject({ deadline: 61_000, request: { receivedAt: 1_000 }, revision: 0 })
})

test.each([
  ['no value', null],
  ['too few bytes', Buffer.from([0, 0])],
  ['an unknown schema', Buffer.from([0, 0, 0, 0, 99, 1, 2])],
])('%s is unreadable and leaves no message', async (_, value) => {
  const { shell } = await pieces()
  const work = aWork({ message: null, record: aRecord({ value }) })
  await expect(decode(shell)(work, aNext().next)).rejects.toMatchObject({ code: 'unreadable' })
  expect(work.message).toBeNull()
})
