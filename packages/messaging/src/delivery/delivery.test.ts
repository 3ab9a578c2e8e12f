import { Fault } from '@concord/contracts'
import { createVirtualClock } from '@concord/testing'
import { expect, onTestFinished, test } from 'vitest'
import type { InRecord } from '../broker.ts'
import { createMemoryBroker } from '../memory/memory-broker.ts'
import { outRecord, valueOf } from '../testing/probe.ts'
import type { DeliveryOptions, HandleContext, PartitionChange, Settled } from './delivery-options.ts'
import { createDelivery } from './delivery.ts'

interface Open {
  record: InRecord
  context: HandleContext
  done(): void
  retry(afterMs: number): void
  fail(error: Error): void
}

/** A broker with one topic, and members whose handlers are settled by hand. */
async function scene({ partitions = 1 } = {}) {
  const clock = createVirtualClock()
  const broker = createMemoryBroker({ clock })
  const admin = await broker.admin()
  await admin.createTopics([{ topic: 'topic', partitions }])
  const producer = await broker.producer({ clientId: 'scene' })
  const settle = () => clock.advance(0)

  function member(clientId: string, options: Partial<DeliveryOptions> = {}) {
    const open = new Map<string, Open>()
    const handled: string[] = []
    const faults: Fault[] = []
    const delivery = createDelivery({
      ...{ broker, clock, clientId, group: 'group', topics: ['topic'], assignment: 'spread', concurrency: 100, random: () => 1 },
      onFault: (fault) => faults.push(fault),
      handle: (record, context) =>
        new Promise<Settled>((resolve, reject) => {
          const value = valueOf(record)
          const end = (how: () => void) => {
            if (open.get(value) === one) open.delete(value)
            how()
          }
          const one: Open = {
            record,
            context,
            done: () => end(() => (handled.push(value), resolve({ kind: 'done' }))),
            retry: (afterMs) => end(() => resolve({ kind: 'retry', afterMs })),
            fail: (error) => end(() => reject(error)),
          }
          open.set(value, one)
        }),
      ...options,
    })
    const finish = async (...values: string[]) => {
      for (const value of values) {
        const one = open.get(value)
        if (one === undefined) throw new Error(`${value} is not in flight: ${[...open.keys()].join(' ')}`)
        one.done()
      }
      await settle()
    }
    return { delivery, open, handled, faults, finish, inFlight: () => [...open.keys()] }
  }

  return {
    clock,
    broker,
    settle,
    member,
    async send(...values: string[]) {
      await producer.send(values.map((value) => outRecord({ topic: 'topic', key: value.charAt(0), value: Buffer.from(value) })))
      await settle()
    },
    committed: async () => (await admin.committed('group', 'topic')).map(({ offset }) => offset),
  }
}

test('one partition has many keys in flight, and one record of each', async () => {
  const { member, send } = await scene()
  const { delivery, inFlight, finish } = member('one')
  await delivery.start()
  await send('a1', 'a2', 'b1', 'c1', 'b2')
  expect(inFlight()).toEqual(['a1', 'b1', 'c1'])
  await finish('b1')
  expect(inFlight()).toEqual(['a1', 'c1', 'b2'])
})

test('the bulkhead holds, and keys take turns in it', async () => {
  const { member, send } = await scene()
  const { delivery, inFlight, finish } = member('one', { concurrency: 2 })
  await delivery.start()
  await send('a1', 'a2', 'a3', 'b1', 'c1')
  expect(inFlight()).toEqual(['a1', 'b1'])
  expect(delivery.stats()).toMatchObject({ inFlight: 2, queued: 3 })
  await finish('a1')
  expect(inFlight()).toEqual(['b1', 'c1'])
})

test('records without a key are in order with nothing', async () => {
  const { broker, member, settle } = await scene()
  const { delivery, inFlight } = member('one')
  await delivery.start()
  const producer = await broker.producer({ clientId: 'keyless' })
  await producer.send(['1', '2'].map((value) => outRecord({ topic: 'topic', value: Buffer.from(value) })))
  await settle()
  expect(inFlight()).toEqual(['1', '2'])
})

test('an offset is committed only after its work and all below it', async () => {
  const { clock, member, send, committed } = await scene()
  const { delivery, finish } = member('one', { commitIntervalMs: 500 })
  await delivery.start()
  await send('a1', 'b1', 'c1')
  await finish('b1', 'c1')
  await clock.advance(500)
  expect(await committed()).toEqual([0])
  await finish('a1')
  expect(await committed()).toEqual([0])
  await clock.advance(500)
  expect(await committed()).toEqual([3])
  expect(delivery.stats().perPartition).toMatchObject([{ committed: 3, highestDone: 2, incomplete: 0, oldestIncompleteAt: null }])
})

test('after a crash, what was not done comes again, and what the commit says was done does not', async () => {
  const { clock, broker, member, send } = await scene()
  const first = member('one')
  await first.delivery.start()
  await send('a1', 'b1', 'c1', 'd1')
  await first.finish('b1', 'd1')
  await clock.advance(500)
  broker.crash('one')
  await clock.advance(10_000)
  const second = member('two')
  await second.delivery.start()
  await clock.advance(0)
  expect(second.inFlight()).toEqual(['a1', 'c1'])
})

test('a crash before the commit repeats the work', async () => {
  const { clock, broker, member, send } = await scene()
  const first = member('one')
  await first.delivery.start()
  await send('a1')
  await first.finish('a1')
  broker.crash('one')
  await clock.advance(10_000)
  const second = member('two')
  await second.delivery.start()
  await clock.advance(0)
  expect(second.inFlight()).toEqual(['a1'])
})

test('a rebalance waits for what is in flight, commits it, and hands on only the rest', async () => {
  const { member, send, settle, committed } = await scene({ partitions: 2 })
  const one = member('one')
  await one.delivery.start()
  await send('a1', 'b1', 'a2', 'b2')
  const two = member('two')
  const joining = two.delivery.start()
  await settle()
  expect(two.delivery.partitions()).toEqual([])
  await one.finish('a1', 'b1')
  await joining
  await settle()
  expect((await committed()).filter((offset) => offset > 0)).not.toEqual([])
  expect([...one.inFlight(), ...two.inFlight()].sort()).toEqual(['a2', 'b2'])
  expect(one.delivery.partitions()).toHaveLength(1)
})

test('work that outlasts the drain budget is aborted, and its late result counts for nothing', async () => {
  const { clock, member, send, committed } = await scene()
  const one = member('one', { drainBudgetMs: 5_000 })
  await one.delivery.start()
  await send('a1')
  const [held] = one.open.values()
  const two = member('two')
  const joining = two.delivery.start()
  await clock.advance(4_999)
  expect(held?.context.signal.aborted).toBe(false)
  await clock.advance(1)
  expect(held?.context.signal.aborted).toBe(true)
  await joining
  held?.done()
  await clock.advance(2_000)
  expect(await committed()).toEqual([-1])
  expect([...one.inFlight(), ...two.inFlight()]).toEqual(['a1'])
})

test('a fresh delivery of a record is not held up by a zombie of the same record', async () => {
  const { broker, member, send, settle, clock, committed } = await scene()
  const one = member('one')
  await one.delivery.start()
  await send('a1')
  const zombie = one.open.get('a1')
  broker.expire('one')
  await settle()
  expect(zombie?.context.signal.aborted).toBe(true)
  expect(one.open.get('a1')).not.toBe(zombie)
  zombie?.done()
  await clock.advance(1_000)
  expect(await committed()).toEqual([-1])
  expect(one.delivery.stats().perPartition).toMatchObject([{ incomplete: 1 }])
})

test('one stuck key does not hold up the others, for any number of records', async () => {
  const { member, send } = await scene()
  const { delivery, inFlight, finish, handled } = member('one', { concurrency: 4 })
  await delivery.start()
  await send('a1')
  for (let i = 0; i < 50; i++) {
    await send(`b${i}`)
    await finish(`b${i}`)
  }
  expect(inFlight()).toEqual(['a1'])
  expect(handled).toHaveLength(50)
})

test('a retry waits in place: it holds its key, and no slot', async () => {
  const { clock, member, send } = await scene()
  const { delivery, open, inFlight } = member('one', { concurrency: 1 })
  await delivery.start()
  await send('a1', 'a2', 'b1')
  open.get('a1')?.retry(1_000)
  await clock.advance(0)
  expect(inFlight()).toEqual(['b1'])
  expect(delivery.stats()).toMatchObject({ inFlight: 1, waiting: 1, queued: 1 })
  open.get('b1')?.done()
  await clock.advance(999)
  expect(inFlight()).toEqual([])
  await clock.advance(1)
  expect(inFlight()).toEqual(['a1'])
  expect(open.get('a1')?.context.attempt).toBe(2)
})

test('a handler that throws is reported and tried again, later each time', async () => {
  const { clock, member, send } = await scene()
  const { delivery, open, inFlight, faults } = member('one')
  await delivery.start()
  await send('a1')
  const since = open.get('a1')?.context.firstSeenAt
  for (const wait of [200, 400, 800]) {
    open.get('a1')?.fail(new TypeError('bug'))
    await clock.advance(wait - 1)
    expect(inFlight()).toEqual([])
    await clock.advance(1)
    expect(inFlight()).toEqual(['a1'])
  }
  expect(faults.map(({ code }) => code)).toEqual(['internal', 'internal', 'internal'])
  expect(open.get('a1')?.context).toMatchObject({ attempt: 4, firstSeenAt: since })
})

test('a partition never has more incomplete than allowed, and goes on at half', async () => {
  const { member, send } = await scene()
  const { delivery, finish, inFlight } = member('one', { maxIncompletePerPartition: 10 })
  await delivery.start()
  const keys = 'abcdefghijklmnopqrstuvwxyz'.split('')
  await send(...keys)
  expect(inFlight()).toEqual(keys.slice(0, 10))
  expect(delivery.stats()).toMatchObject({ pausedPartitions: 1, perPartition: [{ incomplete: 10 }] })
  await finish('a', 'b', 'c', 'd')
  expect(inFlight()).toHaveLength(6)
  await finish('e')
  expect(inFlight()).toEqual(keys.slice(5, 15))
  while (inFlight().length > 0) await finish(...inFlight())
  expect(delivery.stats()).toMatchObject({ pausedPartitions: 0, perPartition: [{ highestDone: 25 }] })
})

test('a pause starts nothing until its last reason is gone', async () => {
  const { member, send, settle } = await scene()
  const { delivery, inFlight, finish } = member('one')
  await delivery.start()
  await send('a1', 'a2')
  delivery.pauseAll('store')
  delivery.pauseAll('model')
  await finish('a1')
  await send('b1')
  delivery.resumeAll('store')
  await settle()
  expect(inFlight()).toEqual([])
  delivery.resumeAll('model')
  await settle()
  expect(inFlight()).toEqual(['a2', 'b1'])
})

test('partitions that come during a pause stay paused', async () => {
  const { member, send, settle } = await scene()
  const { delivery, inFlight } = member('one')
  delivery.pauseAll('store')
  await delivery.start()
  await send('a1')
  expect(inFlight()).toEqual([])
  delivery.resumeAll('store')
  await settle()
  expect(inFlight()).toEqual(['a1'])
})

test('a drain finishes what is in flight, commits, leaves, and loses nothing', async () => {
  const { member, send, settle, committed } = await scene()
  const one = member('one')
  await one.delivery.start()
  await send('a1', 'a2', 'b1')
  const draining = one.delivery.drain()
  await settle()
  expect(await committed()).toEqual([-1])
  await one.finish('a1', 'b1')
  await draining
  expect(await committed()).toEqual([1])
  const two = member('two')
  await two.delivery.start()
  await settle()
  expect(two.inFlight()).toEqual(['a2'])
})

test('a drain does not wait longer than its budget', async () => {
  const { clock, member, send } = await scene()
  const one = member('one', { drainBudgetMs: 3_000 })
  await one.delivery.start()
  await send('a1')
  const [held] = one.open.values()
  const draining = one.delivery.drain()
  await clock.advance(3_000)
  await draining
  expect(held?.context.signal.aborted).toBe(true)
})

test('the owner of partitions is ready before their records come, and hears of them after their last commit', async () => {
  const { member, send, settle, committed } = await scene({ partitions: 2 })
  const changes: (Omit<PartitionChange, 'signal'> & { committed: number[] })[] = []
  const ready = Promise.withResolvers<void>()
  const one = member('one', {
    async onPartitions({ kind, partitions }) {
      changes.push({ kind, partitions, committed: await committed() })
      if (kind === 'gained') await ready.promise
    },
  })
  await one.delivery.start()
  await send('a1', 'b1')
  expect(one.inFlight()).toEqual([])
  ready.resolve()
  await settle()
  expect(one.inFlight().sort()).toEqual(['a1', 'b1'])
  const draining = one.delivery.drain()
  await one.finish('a1', 'b1')
  await draining
  expect(changes.map(({ kind, partitions }) => ({ kind, partitions }))).toEqual([
    { kind: 'gained', partitions: [0, 1] },
    { kind: 'lost', partitions: [0, 1] },
  ])
  expect(Math.max(...(changes[1]?.committed ?? []))).toBeGreaterThan(0)
})

test('an owner that fails to get ready is asked again', async () => {
  const { clock, member, send } = await scene()
  let asked = 0
  const one = member('one', {
    onPartitions({ kind }) {
      if (kind === 'gained' && ++asked < 3)
        throw new Fault('store_unavailable', 'the store does not answer.', { retryable: true })
    },
  })
  await one.delivery.start()
  await send('a1')
  expect(one.inFlight()).toEqual([])
  await clock.advance(10_000)
  expect(asked).toBe(3)
  expect(one.faults.map(({ code }) => code)).toEqual(['store_unavailable', 'store_unavailable'])
  expect(one.inFlight()).toEqual(['a1'])
})

test('caught up means that what stood in the partition when asked is done', async () => {
  const { member, send, settle } = await scene()
  const one = member('one')
  await one.delivery.start()
  const { signal } = new AbortController()
  expect(await one.delivery.caughtUp(0, signal)).toBe(true)
  await send('a1', 'b1')
  let answer: boolean | undefined
  void one.delivery.caughtUp(0, signal).then((value) => (answer = value))
  await settle()
  await send('c1')
  await one.finish('b1')
  expect(answer).toBeUndefined()
  await one.finish('a1')
  expect(answer).toBe(true)
})

test('caught up is false when the partition leaves, and rejects when aborted', async () => {
  const { broker, member, send, settle } = await scene()
  const one = member('one')
  await one.delivery.start()
  await send('a1')
  const leaving = one.delivery.caughtUp(0, new AbortController().signal)
  const controller = new AbortController()
  const aborted = one.delivery.caughtUp(0, controller.signal)
  await settle()
  controller.abort(new Error('enough'))
  await expect(aborted).rejects.toThrow('enough')
  broker.expire('one')
  expect(await leaving).toBe(false)
  expect(await one.delivery.caughtUp(7, new AbortController().signal)).toBe(false)
})

test('a client that is out of touch with its group is not healthy', async () => {
  const { clock, broker, member } = await scene()
  const { delivery } = member('one', { stallAfterMs: 20_000 })
  expect(delivery.health()).toEqual({ ok: false, reason: 'not started' })
  await delivery.start()
  expect(delivery.health()).toEqual({ ok: true })
  broker.crash('one')
  await clock.advance(20_001)
  expect(delivery.health()).toEqual({ ok: false, reason: 'no contact with the group for 20001 ms' })
})

test('a failed commit is reported, counted and tried again', async () => {
  const { clock, broker, member, send, committed } = await scene()
  const { delivery, finish, faults } = member('one')
  await delivery.start()
  await send('a1')
  broker.setAvailable(false)
  await finish('a1')
  await clock.advance(1_000)
  expect(delivery.stats()).toMatchObject({ commits: 0, commitFailures: 2 })
  expect(faults.map(({ code }) => code)).toEqual(['broker_unavailable', 'broker_unavailable'])
  broker.setAvailable(true)
  await clock.advance(500)
  expect(await committed()).toEqual([1])
})

test('a start that fails can be made again', async () => {
  const { broker, member } = await scene()
  const { delivery } = member('one')
  broker.setAvailable(false)
  await expect(delivery.start()).rejects.toMatchObject({ code: 'broker_unavailable' })
  broker.setAvailable(true)
  await delivery.start()
  expect(delivery.partitions()).toHaveLength(1)
  onTestFinished(() => delivery.drain())
})
