import { createCodec, createFolderRegistry, loadSchemas, type Request } from '@concord/contracts'
import { aRequest } from '@concord/contracts/testing'
import { createMemoryBroker } from '@concord/messaging'
import { createVirtualClock, eventually } from '@concord/testing'
import { expect, test } from 'vitest'
import { requestRecord } from '../requests/publish.ts'
import type { LogEntry } from './entry.ts'
import { readAll, tail } from './tail.ts'

const topics = ['concord.requests.v1']

async function scene() {
  const clock = createVirtualClock()
  const broker = createMemoryBroker({ clock })
  const schemas = loadSchemas()
  const codec = createCodec({ registry: createFolderRegistry(schemas), schemas })
  await (await broker.admin()).createTopics([{ topic: topics[0]!, partitions: 2 }])
  const producer = await broker.producer({ clientId: 'test' })
  const publish = async (...requests: Request[]) => {
    for (const request of requests) await producer.send([await requestRecord(codec, request, clock.now())])
  }
  const garbage = async () => {
    const record = { topic: topics[0]!, key: null, value: Buffer.from('no message'), headers: {} }
    await producer.send([0, 1].map((partition) => ({ ...record, partition })))
  }
  return { parts: { broker, codec, topics }, publish, garbage }
}

const ids = (entries: readonly LogEntry[]) => entries.map(({ requestId }) => requestId).toSorted()

test('all that the log holds is read, also when what nobody can read lies at its end', async () => {
  const { parts, publish, garbage } = await scene()
  await publish(aRequest({ requestId: 'req-1' }), aRequest({ requestId: 'req-2' }))
  await garbage()
  expect(ids(await readAll({ ...parts, wanted: () => true }))).toEqual(['req-1', 'req-2'])
})

test('an empty log is read at once', async () => {
  const { parts } = await scene()
  expect(await readAll({ ...parts, wanted: () => true })).toEqual([])
})

test('only what is about one request is decoded', async () => {
  const { parts, publish } = await scene()
  await publish(aRequest({ requestId: 'req-1' }), aRequest({ requestId: 'req-2' }))
  expect(ids(await readAll({ ...parts, requestId: 'req-2', wanted: () => true }))).toEqual(['req-2'])
})

test('a tail from the end sees only what comes after it has begun', async () => {
  const { parts, publish } = await scene()
  await publish(aRequest({ requestId: 'before' }))
  const seen: LogEntry[] = []
  const reading = await tail({ ...parts, from: 'end', onEntry: (entry) => seen.push(entry) })
  await publish(aRequest({ requestId: 'after' }))
  await eventually(() => expect(ids(seen)).toEqual(['after']))
  await reading.stop()
})
