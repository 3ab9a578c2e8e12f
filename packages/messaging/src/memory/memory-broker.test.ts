import { systemClock } from '@concord/contracts'
import { createVirtualClock, eventually } from '@concord/testing'
import { expect, test } from 'vitest'
import { createBench, outRecord } from '../testing/probe.ts'
import { testBroker } from '../testing/test-broker.ts'
import { createMemoryBroker } from './memory-broker.ts'

testBroker('the memory broker', () => createMemoryBroker({ clock: systemClock }))

test('the partitions of a crashed member move when its session ends, and not before', async () => {
  const clock = createVirtualClock()
  const broker = createMemoryBroker({ clock, sessionTimeoutMs: 10_000 })
  const bench = createBench(broker)
  const topic = await bench.topic(2)
  const [dead, alive] = [
    await bench.join({ group: 'group', topics: [topic], clientId: 'dead' }),
    await bench.join({ group: 'group', topics: [topic], clientId: 'alive' }),
  ]
  broker.crash('dead')
  await bench.send({ topic, partition: 0 }, { topic, partition: 1 })
  await clock.advance(9_999)
  expect(alive.held).toHaveLength(1)
  expect(alive.records).toHaveLength(1)
  await clock.advance(1)
  expect(alive.held).toHaveLength(2)
  expect(dead.records).toEqual([])
})

test('a crashed client sends and commits nothing more', async () => {
  const broker = createMemoryBroker({ clock: createVirtualClock() })
  const bench = createBench(broker)
  const topic = await bench.topic(1)
  const producer = await broker.producer({ clientId: 'dead' })
  const probe = await bench.join({ group: 'group', topics: [topic], clientId: 'dead' })
  broker.crash('dead')
  void producer.send([outRecord({ topic })])
  void probe.consumer.commit([{ topic, partition: 0, offset: 7 }])
  const admin = await broker.admin()
  expect(await admin.topicOffsets(topic)).toMatchObject([{ high: 0 }])
  expect(await admin.committed('group', topic)).toMatchObject([{ offset: -1 }])
})

test('a member whose session ends loses its partitions and joins again', async () => {
  const broker = createMemoryBroker({ clock: createVirtualClock() })
  const bench = createBench(broker)
  const topic = await bench.topic(1)
  const probe = await bench.join({ group: 'group', topics: [topic], clientId: 'slow' })
  broker.expire('slow')
  expect(probe.lost).toEqual([{ topic, partition: 0 }])
  await expect(probe.consumer.commit([{ topic, partition: 0, offset: 1 }])).rejects.toMatchObject({ code: 'fenced' })
  await eventually(() => expect(probe.held).toHaveLength(1))
})

test('a member that does not drain in time is expelled, and its late commit is fenced', async () => {
  const clock = createVirtualClock()
  const broker = createMemoryBroker({ clock, sessionTimeoutMs: 10_000 })
  const bench = createBench(broker)
  const topic = await bench.topic(1)
  const slow = await bench.join({ group: 'group', topics: [topic] }, { whenRevoked: () => new Promise(() => {}) })
  const joining = bench.join({ group: 'group', topics: [topic] })
  await clock.advance(10_000)
  expect((await joining).held).toHaveLength(1)
  await expect(slow.consumer.commit([{ topic, partition: 0, offset: 1 }])).rejects.toMatchObject({ code: 'fenced' })
})

test('a broker that is away refuses, and delivers what it kept when it is back', async () => {
  const broker = createMemoryBroker({ clock: createVirtualClock() })
  const bench = createBench(broker)
  const topic = await bench.topic(1)
  const probe = await bench.join({ group: 'group', topics: [topic] })
  const producer = await broker.producer({ clientId: 'one' })
  broker.setAvailable(false)
  await expect(producer.send([outRecord({ topic })])).rejects.toMatchObject({ code: 'broker_unavailable', retryable: true })
  await expect(broker.admin()).rejects.toMatchObject({ code: 'broker_unavailable' })
  broker.setAvailable(true)
  await producer.send([outRecord({ topic })])
  await eventually(() => expect(probe.records).toHaveLength(1))
})

test('a member that the group has dropped is none until it has joined again, and keeps nothing', async () => {
  const broker = createMemoryBroker({ clock: createVirtualClock() })
  const bench = createBench(broker)
  const topic = await bench.topic(1)
  const probe = await bench.join({ group: 'group', topics: [topic], clientId: 'slow' })
  broker.expire('slow')
  expect(probe.consumer.memberUntil()).toBe(0)
  await eventually(() => expect(probe.held).toMatchObject([{ kept: false }]))
  expect(probe.consumer.memberUntil()).toBeGreaterThan(0)
})

async function frozenMember() {
  const clock = createVirtualClock()
  const broker = createMemoryBroker({ clock, sessionTimeoutMs: 10_000 })
  const bench = createBench(broker)
  const topic = await bench.topic(1)
  const frozen = await bench.join({ group: 'group', topics: [topic], clientId: 'frozen' })
  broker.freeze('frozen')
  return { clock, broker, bench, topic, frozen }
}

test('a frozen client gets nothing, and goes on where it was when it thaws in time', async () => {
  const { clock, broker, bench, topic, frozen } = await frozenMember()
  await bench.send({ topic })
  await clock.advance(9_999)
  expect(frozen.records).toEqual([])
  expect(frozen.consumer.memberUntil()).toBe(clock.now() + 1)
  broker.thaw('frozen')
  await clock.advance(1)
  expect([frozen.records.length, frozen.lost.length]).toEqual([1, 0])
  expect(frozen.consumer.memberUntil()).toBe(clock.now() + 10_000)
})

test('a client frozen past its session is no member when it thaws: its commit is fenced, it loses all, and joins again', async () => {
  const { clock, broker, bench, topic, frozen } = await frozenMember()
  const producer = await broker.producer({ clientId: 'frozen' })
  broker.freeze('frozen')
  const late = producer.send([outRecord({ topic })])
  const commit = frozen.consumer.commit([{ topic, partition: 0, offset: 1 }]).catch((error: unknown) => error)
  await clock.advance(10_000)
  const other = await bench.join({ group: 'group', topics: [topic] })
  expect([frozen.held.length, other.held.length]).toEqual([1, 1])
  expect(frozen.consumer.memberUntil()).toBe(clock.now())
  broker.thaw('frozen')
  expect(frozen.consumer.memberUntil()).toBe(0)
  expect(await commit).toMatchObject({ code: 'fenced' })
  await late
  expect(frozen.lost).toEqual([{ topic, partition: 0 }])
  await clock.advance(0)
  expect(frozen.consumer.memberUntil()).toBeGreaterThan(clock.now())
})
