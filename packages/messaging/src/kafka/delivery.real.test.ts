import { systemClock, type Fault } from '@concord/contracts'
import { eventually } from '@concord/testing'
import { expect, onTestFinished, test } from 'vitest'
import type { InRecord } from '../broker.ts'
import { createDelivery } from '../delivery/delivery.ts'
import { createBench, rebalanceMs, valueOf } from '../testing/probe.ts'
import { createClient, patientRetry } from './client.ts'
import { createKafkaBroker } from './kafka-broker.ts'
import { kafkaBrokers } from '../testing/real-brokers.ts'

const keys = Array.from({ length: 40 }, (_, i) => `key-${i}`)

test('two members that come and go handle everything, in order per key, and commit all of it', { timeout: 120_000 }, async () => {
  const bench = createBench(createKafkaBroker({ brokers: kafkaBrokers(), clientId: 'delivery' }))
  const [topic, group] = [await bench.topic(6), bench.name('group')]
  const handled = new Map<string, number[]>(keys.map((key) => [key, []]))
  const busy = new Set<string>()
  const faults: Fault[] = []

  async function handle(record: InRecord): Promise<{ kind: 'done' }> {
    const key = record.key?.toString() ?? ''
    if (busy.has(key)) throw new Error(`${key} is handled twice at once`)
    busy.add(key)
    await systemClock.sleep(2)
    busy.delete(key)
    handled.get(key)?.push(Number(valueOf(record)))
    return { kind: 'done' }
  }

  function member(clientId: string) {
    const delivery = createDelivery({
      broker: bench.broker,
      clock: systemClock,
      group,
      topics: [topic],
      clientId,
      assignment: 'spread',
      concurrency: 16,
      handle,
      onFault: (fault) => faults.push(fault),
    })
    onTestFinished(() => delivery.drain())
    return delivery
  }
  const send = (from: number, to: number) =>
    bench.send(...keys.flatMap((key) => range(from, to).map((n) => ({ topic, key, value: Buffer.from(`${n}`) }))))
  const reached = (count: number) =>
    eventually(
      () => expect([...handled.values()].map((values) => new Set(values).size)).toEqual(keys.map(() => count)),
      rebalanceMs,
    )

  const one = member('one')
  await one.start()
  await send(0, 50)
  const two = member('two')
  const joining = two.start()
  await send(50, 100)
  await joining
  await reached(100)
  await eventually(() => expect([one, two].map((delivery) => delivery.partitions().length)).toEqual([3, 3]), rebalanceMs)
  await one.drain()
  await send(100, 120)
  await reached(120)
  for (const values of handled.values()) expect(values).toEqual(range(0, 120))
  await two.drain()

  const admin = await bench.broker.admin()
  const offsets = await admin.topicOffsets(topic)
  expect((await admin.committed(group, topic)).map(({ offset }) => offset)).toEqual(offsets.map(({ high }) => high))
  await admin.close()
  expect(faults.map(({ message }) => message)).toEqual([])
})

test('a partition that is full holds no more than allowed, and nothing is left out', { timeout: 60_000 }, async () => {
  const bench = createBench(createKafkaBroker({ brokers: kafkaBrokers(), clientId: 'full' }))
  const topic = await bench.topic(1)
  let most = 0
  const seen: string[] = []
  const delivery = createDelivery({
    broker: bench.broker,
    clock: systemClock,
    group: bench.name('group'),
    topics: [topic],
    clientId: 'one',
    assignment: 'spread',
    concurrency: 20,
    maxIncompletePerPartition: 50,
    async handle(record) {
      most = Math.max(most, ...delivery.stats().perPartition.map(({ incomplete }) => incomplete))
      await systemClock.sleep(1)
      seen.push(valueOf(record))
      return { kind: 'done' }
    },
  })
  onTestFinished(() => delivery.drain())
  await bench.send(...range(0, 500).map((n) => ({ topic, value: Buffer.from(`${n}`) })))
  await delivery.start()
  await eventually(() => expect(seen).toHaveLength(500), rebalanceMs)
  expect(seen.map(Number).sort((a, b) => a - b)).toEqual(range(0, 500))
  expect(most).toBe(50)
})

test('what a transaction has aborted and marked is passed, at the end of the log too', { timeout: 60_000 }, async () => {
  const options = { brokers: kafkaBrokers(), clientId: 'marks' }
  const bench = createBench(createKafkaBroker(options))
  const [topic, group] = [await bench.topic(1), bench.name('group')]
  const seen: string[] = []
  const delivery = createDelivery({
    broker: bench.broker,
    clock: systemClock,
    group,
    topics: [topic],
    clientId: 'one',
    assignment: 'spread',
    concurrency: 20,
    commitIntervalMs: 50,
    async handle(record) {
      seen.push(valueOf(record))
      return { kind: 'done' }
    },
  })
  onTestFinished(() => delivery.drain())
  await delivery.start()
  const producer = createClient(options, patientRetry).producer({ idempotent: true, transactionalId: bench.name('marks') })
  await producer.connect()
  onTestFinished(() => producer.disconnect())
  const committed = async () => {
    const admin = await bench.broker.admin()
    const [found] = await admin.committed(group, topic).finally(() => void admin.close())
    return found?.offset
  }
  const transact = async (end: 'commit' | 'abort', value: string) => {
    const transaction = await producer.transaction()
    await transaction.send({ topic, messages: [{ partition: 0, value }] })
    await transaction[end]()
  }
  await transact('commit', 'one')
  await eventually(async () => expect(await committed()).toBe(2), rebalanceMs)
  await transact('abort', 'two')
  await eventually(async () => expect(await committed()).toBe(4), rebalanceMs)
  expect(await delivery.caughtUp(0, AbortSignal.timeout(10_000))).toBe(true)
  await transact('commit', 'three')
  await eventually(async () => expect(await committed()).toBe(6), rebalanceMs)
  expect(seen).toEqual(['one', 'three'])
})

test('a broker that is away is reported within seconds', { timeout: 20_000 }, async () => {
  const broker = createKafkaBroker({ brokers: ['127.0.0.1:1'], clientId: 'away' })
  const unavailable = { code: 'broker_unavailable', retryable: true }
  await expect(broker.admin()).rejects.toMatchObject(unavailable)
  await expect(broker.producer({ clientId: 'away' })).rejects.toMatchObject(unavailable)
  const options = { group: 'group', topics: ['topic'], clientId: 'away', assignment: 'spread' as const }
  const none = { onAssigned: async () => {}, onRevoked: async () => {}, onLost() {}, onRecords() {}, onCrash() {} }
  await expect(broker.consumer(options).start(none)).rejects.toMatchObject(unavailable)
})

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i)
}
