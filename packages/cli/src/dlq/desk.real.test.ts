/** Dead letters on real Kafka: what Kafka and its client make of odd keys, values and headers on the way there and back. */
import { createCodec, createFolderRegistry, loadSchemas } from '@concord/contracts'
import { createKafkaBroker, type InRecord, type OutRecord } from '@concord/messaging'
import { createMemoryStore } from '@concord/store'
import { createVirtualClock, eventually } from '@concord/testing'
import { expect, onTestFinished, test } from 'vitest'
import { letterRecord } from '../testing/letters.ts'
import { createLetterDesk } from './desk.ts'

const suffix = `r${Date.now().toString(36)}`
const topic = `concord.odd${suffix}.v1`
const dlq = `${topic}.triage.dlq`

const odd: Pick<OutRecord, 'key' | 'value' | 'headers'>[] = [
  {
    key: Buffer.from([0xff, 0, 0xfe]),
    value: Buffer.from([0, 1, 0xff]),
    headers: { traceparent: 'tp', bytes: Buffer.from([0xff]) },
  },
  { key: null, value: null, headers: { twice: [Buffer.from('a'), Buffer.from('b')] } },
  { key: '', value: Buffer.alloc(0), headers: { empty: '' } },
]

test('odd messages come back from their letters byte for byte, and the topic remembers that they did', async () => {
  const broker = createKafkaBroker({ brokers: (process.env['KAFKA_BROKERS'] ?? '').split(','), clientId: 'dlq-test' })
  const admin = await broker.admin()
  onTestFinished(() => admin.close())
  await admin.createTopics([
    { topic, partitions: 2 },
    { topic: dlq, partitions: 1 },
  ])
  const producer = await broker.producer({ clientId: 'dlq-test' })
  onTestFinished(() => producer.close())
  const from = { 'x-original-topic': topic }
  await producer.send(odd.map((one) => letterRecord({ ...one, topic: dlq, headers: { ...one.headers, ...from } })))

  const schemas = loadSchemas()
  const codec = createCodec({ registry: createFolderRegistry(schemas), schemas })
  const store = createMemoryStore({ clock: createVirtualClock() })
  const open = () => createLetterDesk({ broker, store, codec, send: (records) => producer.send(records) })
  const mine = async () => (await open().letters()).filter((letter) => letter.topic === dlq)
  const desk = open()
  for (const { id } of await mine()) expect(await desk.replay({ id, by: 'ada', force: false })).toMatchObject({ outcome: 'sent' })

  const sent: InRecord[] = []
  for await (const records of broker.read({ topic, partition: 1 }, { from: 0, to: Infinity })) sent.push(...records)
  const bytes = (value: string | Buffer | Buffer[]) => (typeof value === 'string' ? Buffer.from(value) : value)
  expect(sent.map(({ key, value, headers }) => ({ key, value, headers }))).toEqual(
    odd.map(({ key, value, headers }) => ({
      key: typeof key === 'string' ? Buffer.from(key) : key,
      value,
      headers: {
        ...Object.fromEntries(Object.entries(headers).map(([name, one]) => [name, bytes(one)])),
        'x-replay-count': Buffer.from('1'),
      },
    })),
  )
  await eventually(async () =>
    expect((await mine()).map(({ settlements }) => settlements[0]?.action)).toEqual(odd.map(() => 'replayed')),
  )
})
