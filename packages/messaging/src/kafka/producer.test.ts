import { eventually } from '@concord/testing'
import type { Producer as KafkaProducer, ProducerBatch, RecordMetadata } from 'kafkajs'
import { expect, test } from 'vitest'
import { outRecord } from '../testing/probe.ts'
import { BatchingProducer } from './producer.ts'

type Answer = (values: string[]) => RecordMetadata[] | Promise<RecordMetadata[]>

/** A client that answers each batch by script, then acknowledges everything, and notes what it is sent. */
function scene(...answers: Answer[]) {
  const batches: string[][] = []
  let clients = 0
  let under = 0
  let most = 0
  async function sendBatch({ topicMessages = [] }: ProducerBatch): Promise<RecordMetadata[]> {
    const values = topicMessages.flatMap(({ messages }) => messages.map(({ value }) => String(value)))
    most = Math.max(most, ++under)
    batches.push(values)
    try {
      await Promise.resolve()
      const script = answers.shift()
      return script === undefined ? acknowledge(topicMessages) : await script(values)
    } finally {
      under--
    }
  }
  const producer = new BatchingProducer({
    async connect() {
      clients++
      return { sendBatch, async disconnect() {} } as unknown as KafkaProducer
    },
    counts: { of: async () => new Map([['topic', 2]]) },
    maxRecordBytes: 1_000,
  })
  const send = (value: string, partition = 0) =>
    producer.send([outRecord({ topic: 'topic', partition, value: Buffer.from(value) })])
  return { producer, send, batches, clients: () => clients, mostAtOnce: () => most }
}

function acknowledge(topicMessages: NonNullable<ProducerBatch['topicMessages']>): RecordMetadata[] {
  return topicMessages.flatMap(({ topic, messages }) =>
    messages.map(({ partition = 0 }) => ({ topicName: topic, partition, errorCode: 0 })),
  )
}

const refusal = Object.assign(new Error('too large'), { type: 'MESSAGE_TOO_LARGE' })

test('an idle producer sends at once, and gathers while a batch is under way', async () => {
  const { send, batches, mostAtOnce } = scene()
  await Promise.all(['1', '2', '3'].map((value) => send(value)))
  await send('4')
  expect(batches).toEqual([['1'], ['2', '3'], ['4']])
  expect(mostAtOnce()).toBe(1)
})

test('a refused batch is sent again call by call, and only the bad one fails', async () => {
  const picky: Answer = (values) =>
    values.includes('bad') ? Promise.reject(refusal) : [{ topicName: 'topic', partition: 0, errorCode: 0 }]
  const { send, batches } = scene(picky, picky, picky, picky, picky)
  const calls = await Promise.allSettled(['1', '2', 'bad', '3'].map((value) => send(value)))
  expect(calls.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled'])
  expect(calls[2]).toMatchObject({ reason: { code: 'invalid_record' } })
  expect(batches).toEqual([['1'], ['2', 'bad', '3'], ['2'], ['bad'], ['3']])
})

test('a record whose partition nobody acknowledged is sent again', async () => {
  const { producer, batches } = scene(() => [{ topicName: 'topic', partition: 0, errorCode: 0 }])
  await producer.send([0, 1].map((partition) => outRecord({ topic: 'topic', partition, value: Buffer.from(`${partition}`) })))
  expect(batches).toEqual([['0', '1'], ['1']])
})

test('after a failure, a fresh client goes on', async () => {
  const { send, clients } = scene(() => Promise.reject(new Error('connection closed')))
  await expect(send('1')).rejects.toMatchObject({ code: 'broker_unavailable', retryable: true })
  await send('2')
  expect(clients()).toBe(2)
})

test('a call that is too big for one batch goes in several, in order', async () => {
  const { producer, batches } = scene()
  const values = ['a', 'b', 'c'].map((letter) => letter.repeat(400))
  await producer.send(values.map((value) => outRecord({ topic: 'topic', partition: 0, value: Buffer.from(value) })))
  expect(batches.flat()).toEqual(values)
  expect(batches.length).toBeGreaterThan(1)
})

test('closing waits for what is under way', async () => {
  const gate = Promise.withResolvers<RecordMetadata[]>()
  const { producer, send, batches } = scene(() => gate.promise)
  const sending = send('1')
  await eventually(() => expect(batches).toHaveLength(1))
  let closed = false
  const closing = producer.close().then(() => (closed = true))
  await Promise.resolve()
  expect(closed).toBe(false)
  gate.resolve([{ topicName: 'topic', partition: 0, errorCode: 0 }])
  await closing
  await sending
  await expect(send('2')).rejects.toMatchObject({ code: 'broker_unavailable' })
})
