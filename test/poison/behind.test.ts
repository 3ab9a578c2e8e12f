/** Poison at the head of a partition, with ten thousand good messages behind it. */
import { Fault, requests, triaged, type Triage } from '@concord/contracts'
import { aRequest } from '@concord/contracts/testing'
import type { OutRecord } from '@concord/messaging'
import { publish } from '@concord/runtime'
import { expect, test } from 'vitest'
import { agentMs, aTriageFor, expectGivenUp, noDeadline, scene, type Scene } from './scene.ts'

const passing = () => Promise.reject(new Fault('model_rate_limited', 'wait.', { retryable: true }))
const count = 10_000
const conversations = 100

/** All of them on one partition, in one send. */
async function sendMany({ bench }: Scene, conversationOf: (at: number) => string): Promise<void> {
  const records = Array.from({ length: count }, async (_, at): Promise<OutRecord> => {
    const request = aRequest({ requestId: `g-${at}`, conversationId: conversationOf(at), text: 'good', deadline: noDeadline })
    const value = await bench.deps.codec.encode(requests, request)
    return { topic: requests.name, key: `acme:${conversationOf(at)}`, value, headers: {} }
  })
  const producer = await bench.broker.producer({ clientId: 'many' })
  await producer.send(await Promise.all(records))
}

/** The answers of each conversation, as numbers of their requests. */
async function orders({ bench }: Scene): Promise<Map<string, number[]>> {
  const envelopes = (await bench.on(triaged)).map(({ value }) => (value as Triage).envelope)
  const byConversation = Map.groupBy(envelopes, ({ conversationId }) => String(conversationId))
  return new Map([...byConversation].map(([id, all]) => [id, all.map(({ requestId }) => Number(requestId.slice(2)))]))
}

const ascending = (numbers: number[]) => numbers.every((number, at) => at === 0 || number > (numbers[at - 1] ?? 0))

/** Lets messages be handled without moving the clock, as far as they will go. */
async function settle({ bench }: Scene): Promise<void> {
  for (let before = -1, now = 0; now !== before; now = await bench.figure('messages_handled_total')) {
    before = now
    for (let turn = 0; turn < 500; turn++) await bench.clock.advance(0)
  }
}

test('of other conversations they flow while the poison waits for its retries, and only its own offset is not committed', async () => {
  const made = await scene(passing, { partitions: 1, concurrency: 32 })
  await made.sendBad({ conversationId: 'bad', deadline: noDeadline })
  await sendMany(made, (at) => `c-${at % conversations}`)
  await settle(made)
  await made.bench.pass(1_000)
  expect(await made.bench.figure('messages_handled_total')).toBe(count)
  expect(await made.letters()).toEqual([])
  expect(await made.committed()).toBe(0)
  const sent = await orders(made)
  expect([...sent.values()].map(({ length }) => length)).toEqual(Array(conversations).fill(count / conversations))
  expect([...sent.values()].every(ascending)).toBe(true)
  await made.bench.pass(agentMs)
  await expectGivenUp(made, 'model_rate_limited')
  expect(await made.committed()).toBe(count + 1)
}, 60_000)

test('of its own conversation they follow after its dead letter, in order, each with all of its time', async () => {
  const made = await scene(passing, { partitions: 1, concurrency: 32 })
  await made.sendBad({ conversationId: 'bad', deadline: noDeadline })
  await sendMany(made, () => 'bad')
  await made.bench.pass(agentMs / 2)
  expect(await made.answered()).toEqual([])
  await made.bench.pass(agentMs / 2)
  expect(await made.letters()).toHaveLength(1)
  await settle(made)
  const sent = await orders(made)
  expect(sent.get('bad')).toHaveLength(count)
  expect([...sent.values()].every(ascending)).toBe(true)
  await expectGivenUp(made, 'model_rate_limited')
  await made.bench.pass(1_000)
  expect(await made.committed()).toBe(count + 1)
}, 60_000)

test('poison in every tenth conversation holds up no other', async () => {
  const made = await scene(passing, { partitions: 1, concurrency: 8 })
  for (let at = 0; at < 50; at++)
    await made.sendBad({ requestId: `bad-${at}`, conversationId: `bad-${at}`, deadline: noDeadline })
  for (let at = 0; at < 450; at++) await made.sendGood(`g-${at}`, { conversationId: `c-${at}`, deadline: noDeadline })
  await settle(made)
  expect(await made.answered()).toHaveLength(450)
  await made.bench.pass(agentMs)
  expect(await made.letters()).toHaveLength(50)
  expect(await made.told()).toHaveLength(50)
}, 30_000)

test('a conversation whose poison ends at last goes on where it stood', async () => {
  const made = await scene(
    (_, context) => (context.attempt < 4 ? passing() : Promise.resolve(publish(triaged, aTriageFor(context)))),
    { partitions: 1 },
  )
  await made.sendBad({ conversationId: 'c' })
  await made.sendGood('behind', { conversationId: 'c' })
  await made.bench.pass(10_000)
  expect(await made.answered()).toEqual(['bad', 'behind'])
  expect(await made.letters()).toEqual([])
})
