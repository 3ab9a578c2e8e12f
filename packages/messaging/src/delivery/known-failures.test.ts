/** What parallel consumers elsewhere have got wrong, one test each. */
import { Fault } from '@concord/contracts'
import { expect, test } from 'vitest'
import type { Broker, Commit, Consumer } from '../broker.ts'
import { outRecord } from '../testing/probe.ts'
import { scene } from '../testing/delivery-scene.ts'

/** The broker, with consumers that another hand has changed. */
function withConsumer(broker: Broker, change: (inner: Consumer) => Partial<Consumer>): Broker {
  return {
    producer: (options) => broker.producer(options),
    admin: () => broker.admin(),
    read: (...args) => broker.read(...args),
    consumer(options) {
      const inner = broker.consumer(options)
      return {
        start: (handlers) => inner.start(handlers),
        pause: (partitions) => inner.pause(partitions),
        resume: (partitions) => inner.resume(partitions),
        commit: (commits) => inner.commit(commits),
        lastContact: () => inner.lastContact(),
        memberUntil: () => inner.memberUntil(),
        stop: () => inner.stop(),
        ...change(inner),
      }
    },
  }
}

const letters = 'abcdefghij'.split('')

test('a partition that was full before a rebalance flows after it', async () => {
  const { clock, member, send } = await scene()
  const one = member('one', { maxIncompletePerPartition: 4, drainBudgetMs: 1_000 })
  await one.delivery.start()
  await send(...letters)
  expect(one.delivery.stats().pausedPartitions).toBe(1)
  const two = member('two')
  const joined = two.delivery.start()
  await clock.advance(500)
  await one.finish('a', 'b', 'c')
  await clock.advance(500)
  await joined
  await clock.advance(0)
  for (const value of letters.slice(3)) await one.finish(value)
  expect(one.handled).toEqual(letters)
  expect(one.delivery.stats().pausedPartitions).toBe(0)
})

const resumptions = [
  ['before the rebalance', 0],
  ['while it drains', 400],
  ['after it', 2_000],
] as const
test.for(resumptions)('a pause for an absent dependency that ends %s leaves nothing paused', async ([, afterMs]) => {
  const { clock, member, send } = await scene()
  const one = member('one', { maxIncompletePerPartition: 4, drainBudgetMs: 1_000 })
  await one.delivery.start()
  await send(...letters)
  one.delivery.pauseAll('store')
  clock.after(afterMs, () => one.delivery.resumeAll('store'))
  if (afterMs === 0) await clock.advance(0)
  const joined = member('two').delivery.start()
  await clock.advance(3_000)
  await joined
  for (const value of letters) await one.finish(value)
  expect(one.handled).toEqual(letters)
  expect(one.delivery.stats().pausedPartitions).toBe(0)
})

test('a commit that fails in the middle of a rebalance ends neither the rebalance nor the member', async () => {
  const scenery = await scene()
  const { clock, member, send, committed } = scenery
  let failing = false
  const broker = withConsumer(scenery.broker, (inner) => ({
    async commit(commits) {
      if (failing) throw new Fault('broker_unavailable', 'the coordinator moves.', { retryable: true })
      await inner.commit(commits)
    },
  }))
  const one = member('one', { broker })
  await one.delivery.start()
  await send('a1', 'b1')
  await one.finish('a1', 'b1')
  failing = true
  await member('two').delivery.start()
  await clock.advance(0)
  failing = false
  await send('a2')
  await one.finish('a2')
  await clock.advance(1_000)
  expect(one.handled).toEqual(['a1', 'b1', 'a2'])
  expect(await committed()).toEqual([3])
  expect(one.delivery.health()).toEqual({ ok: true })
})

test('a rebalance does not wait for a commit that is never answered', async () => {
  const scenery = await scene()
  const broker = withConsumer(scenery.broker, () => ({ commit: () => new Promise<never>(() => {}) }))
  const one = scenery.member('one', { broker, stallAfterMs: 20_000 })
  await one.delivery.start()
  await scenery.send('a1')
  await one.finish('a1')
  const two = scenery.member('two')
  const joined = two.delivery.start()
  await scenery.clock.advance(2_000)
  await joined
  expect(two.delivery.stats().rebalances).toBe(1)
  await scenery.clock.advance(20_000)
  expect(one.delivery.health()).toEqual({ ok: false, reason: 'commits have been failing' })
})

test('offset and map of a commit are read at once, and one commit never overtakes another', async () => {
  const scenery = await scene()
  const sent: Commit[] = []
  const gates: (() => void)[] = []
  const broker = withConsumer(scenery.broker, (inner) => ({
    async commit(commits) {
      sent.push(...commits)
      await new Promise<void>((resolve) => gates.push(resolve))
      await inner.commit(commits)
    },
  }))
  const one = scenery.member('one', { broker })
  await one.delivery.start()
  await scenery.send('a1', 'b1', 'c1')
  await one.finish('b1')
  await scenery.clock.advance(500)
  await one.finish('a1')
  await scenery.clock.advance(500)
  expect(sent.map(({ offset }) => offset)).toEqual([0])
  await one.finish('c1')
  gates.shift()?.()
  await scenery.clock.advance(500)
  gates.shift()?.()
  await scenery.clock.advance(500)
  expect(sent.map(({ offset }) => offset)).toEqual([0, 3])
  expect([sent[0]?.metadata === '', sent[1]?.metadata]).toEqual([false, ''])
  expect(await scenery.committed()).toEqual([3])
})

test('work of a tenure that is over counts nowhere and holds no slot, though it never ends', async () => {
  const { broker, member, send, settle } = await scene()
  const one = member('one', { concurrency: 1, maxIncompletePerPartition: 2 })
  await one.delivery.start()
  await send('a1', 'b1')
  for (let round = 0; round < 3; round++) {
    broker.expire('one')
    await settle()
    expect(one.delivery.stats()).toMatchObject({ inFlight: 1, queued: 1, waiting: 0, perPartition: [{ incomplete: 2 }] })
  }
  await one.finish('a1')
  await one.finish('b1')
  expect(one.handled).toEqual(['a1', 'b1'])
  expect(one.delivery.stats()).toMatchObject({ inFlight: 0, queued: 0, pausedPartitions: 0 })
})

test('a member closes within its budget though rebalances follow each other', async () => {
  const { clock, member, send } = await scene({ partitions: 2 })
  const one = member('one', { drainBudgetMs: 3_000 })
  await one.delivery.start()
  await send('a1', 'd1')
  for (const name of ['two', 'three']) void member(name).delivery.start()
  await clock.advance(1_000)
  let closed = false
  void one.delivery.drain().then(() => (closed = true))
  void member('four').delivery.start()
  await clock.advance(8_000)
  expect(closed).toBe(true)
  expect(one.delivery.partitions()).toEqual([])
})

test('members that close at the same time, and while another joins, all close', async () => {
  const { member, send, settle, clock } = await scene({ partitions: 4 })
  const slowly = { onPartitions: () => clock.sleep(300) }
  const members = ['one', 'two', 'three'].map((name) => member(name, slowly))
  const started = Promise.all(members.map(({ delivery }) => delivery.start()))
  await clock.advance(3_000)
  await started
  await send('a1', 'd1')
  for (const { inFlight, finish } of members) await finish(...inFlight())
  const last = member('last')
  const joined = last.delivery.start()
  const closed = Promise.all(members.map(({ delivery }) => delivery.drain()))
  await clock.advance(10_000)
  await Promise.all([closed, joined])
  await settle()
  expect([...members, last].map(({ delivery }) => delivery.partitions().length)).toEqual([0, 0, 0, 4])
})

test('records of two topics with one key and one offset are two records', async () => {
  const { broker, admin, clock, member, settle } = await scene()
  await admin.createTopics([{ topic: 'other', partitions: 1 }])
  const one = member('one', { topics: ['topic', 'other'], assignment: 'aligned' })
  await one.delivery.start()
  const producer = await broker.producer({ clientId: 'both' })
  await producer.send(['topic', 'other'].map((topic) => outRecord({ topic, key: 'same', value: Buffer.from(topic) })))
  await settle()
  expect(one.inFlight()).toHaveLength(1)
  await one.finish(...one.inFlight())
  await one.finish(...one.inFlight())
  await clock.advance(500)
  expect(one.handled.toSorted()).toEqual(['other', 'topic'])
  expect(one.delivery.stats().perPartition.map(({ committed }) => committed)).toEqual([1, 1])
})

test('commits that failed for a partition that has left do not make the member ill for ever', async () => {
  const { clock, broker, member, send } = await scene()
  const one = member('one', { stallAfterMs: 20_000 })
  await one.delivery.start()
  await send('a1')
  broker.setAvailable(false)
  await one.finish('a1')
  await clock.advance(1_000)
  broker.expire('one')
  broker.setAvailable(true)
  await clock.advance(60_000)
  expect(one.delivery.health()).toEqual({ ok: true })
})
