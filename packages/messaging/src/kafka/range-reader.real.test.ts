import { expect, onTestFinished, test } from 'vitest'
import { createBench, valueOf } from '../testing/probe.ts'
import { kafkaBrokers } from '../testing/real-brokers.ts'
import { createClient, patientRetry } from './client.ts'
import { createKafkaBroker } from './kafka-broker.ts'

const options = () => ({ brokers: kafkaBrokers(), clientId: 'reads' })
const everything = { from: 0, to: Infinity }

test('a read passes the markers of transactions and what they aborted, at the end of the log too', async () => {
  const bench = createBench(createKafkaBroker(options()))
  const topic = await bench.topic(1)
  const producer = createClient(options(), patientRetry).producer({
    idempotent: true,
    transactionalId: bench.name('transaction'),
  })
  await producer.connect()
  onTestFinished(() => producer.disconnect())
  for (const [value, end] of [
    ['kept', 'commit'],
    ['dropped', 'abort'],
    ['last', 'commit'],
  ] as const) {
    const transaction = await producer.transaction()
    await transaction.send({ topic, messages: [{ partition: 0, value }] })
    await transaction[end]()
  }
  const admin = await bench.broker.admin()
  const found = await admin.topicOffsets(topic)
  await admin.close()
  expect(found).toMatchObject([{ high: 6 }])
  const values: string[] = []
  for await (const list of bench.broker.read({ topic, partition: 0 }, everything)) values.push(...list.map(valueOf))
  expect(values).toEqual(['kept', 'last'])
})

test('100,000 records over four partitions are read at once and whole', { timeout: 120_000 }, async () => {
  const bench = createBench(createKafkaBroker(options()))
  const topic = await bench.topic(4)
  const producer = await bench.broker.producer({ clientId: 'reads' })
  const value = Buffer.alloc(800, 'x')
  for (let sent = 0; sent < 100_000; sent += 2_000) {
    const records = Array.from({ length: 2_000 }, (_, i) => ({
      topic,
      partition: (sent + i) % 4,
      key: `k${i}`,
      value,
      headers: { ce_id: `${i}` },
    }))
    await producer.send(records)
  }
  await producer.close()
  const counts = await Promise.all(
    [0, 1, 2, 3].map(async (partition) => {
      let next = 0
      for await (const list of bench.broker.read({ topic, partition }, everything)) {
        const wrong = list.find(({ offset }) => offset !== next++)
        expect(wrong).toBeUndefined()
      }
      return next
    }),
  )
  expect(counts).toEqual([25_000, 25_000, 25_000, 25_000])
})
