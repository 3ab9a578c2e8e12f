import { expect, test } from 'vitest'
import { partitionOf } from '../partitioner.ts'
import { scene } from '../testing/delivery-scene.ts'

const both = ['a1', 'd1']

/** Two partitions with a record each in flight at one member, and another that joins. */
async function joining(drainBudgetMs = 5_000) {
  const scenery = await scene({ partitions: 2 })
  const [one, two] = [scenery.member('one', { drainBudgetMs }), scenery.member('two', { drainBudgetMs })]
  expect(new Set(both.map((value) => partitionOf(value.charAt(0), 2))).size).toBe(2)
  await one.delivery.start()
  await scenery.send(...both)
  const opens = both.map((value) => one.open.get(value))
  const joined = two.delivery.start()
  await scenery.settle()
  /** Of the two in flight at first: which one's partition stays, and which one's goes. */
  const outcome = () => {
    const [kept = -1] = one.delivery.partitions().map(({ partition }) => partition)
    const stays = opens.find((open) => open?.record.partition === kept)
    const goes = opens.find((open) => open?.record.partition !== kept)
    if (stays === undefined || goes === undefined) throw new Error('both partitions are at one member')
    return { stays, goes }
  }
  return { ...scenery, one, two, opens, joined, outcome }
}

test('work that outlasts the drain goes on where its partition is kept, and is aborted where it goes', async () => {
  const { clock, one, two, opens, joined, outcome, committed, settle } = await joining()
  await clock.advance(5_000)
  await joined
  await settle()
  const { stays, goes } = outcome()
  expect([stays.context.signal.aborted, goes.context.signal.aborted]).toEqual([false, true])
  expect(two.inFlight()).toEqual([goes.record.value?.toString()])
  stays.done()
  goes.done()
  await clock.advance(1_000)
  expect((await committed())[stays.record.partition]).toBe(1)
  expect((await committed())[goes.record.partition]).toBe(-1)
  expect(opens).toHaveLength(2)
  expect(one.delivery.stats()).toMatchObject({ inFlight: 0, queued: 0, waiting: 0 })
})

test('what is kept is handled once: neither what was in flight, nor what was queued behind it, nor what was done is handed out again', async () => {
  const { clock, one, two, joined, outcome, send, settle } = await joining()
  await send('a2', 'd2', 'a3', 'd3')
  await clock.advance(5_000)
  await joined
  await settle()
  const { stays } = outcome()
  const key = stays.record.key?.toString() ?? ''
  expect(one.inFlight()).toContain(`${key}1`)
  stays.done()
  await settle()
  await one.finish(`${key}2`)
  await one.finish(`${key}3`)
  await send(`${key}4`)
  await one.finish(`${key}4`)
  expect(one.handled.filter((value) => value.startsWith(key))).toEqual([1, 2, 3, 4].map((n) => `${key}${n}`))
  expect(two.inFlight().every((value) => !value.startsWith(key))).toBe(true)
  await clock.advance(500)
  expect(one.delivery.stats().perPartition).toMatchObject([{ committed: 4, incomplete: 0 }])
})

/** Two members with a record each in flight; the first has drained for a third that joins, and waits for the second. */
async function between() {
  const scenery = await scene({ partitions: 2 })
  const one = scenery.member('one', { drainBudgetMs: 1_000 })
  const [two, three] = [scenery.member('two'), scenery.member('three')]
  await one.delivery.start()
  await two.delivery.start()
  await scenery.send(...both)
  const [open] = one.open.values()
  const joined = three.delivery.start()
  await scenery.clock.advance(3_000)
  if (open === undefined) throw new Error('nothing is in flight')
  const { partition } = open.record
  const outcome = async () => {
    await scenery.clock.advance(2_000)
    await joined
    await scenery.settle()
    expect(one.delivery.partitions()).toEqual([{ topic: 'topic', partition }])
  }
  return { ...scenery, one, open, partition, outcome }
}

test('between the barrier and the outcome nothing may be published; what is then kept may', async () => {
  const { one, open, outcome } = await between()
  expect(() => open.context.assertOwned()).toThrow('fenced')
  expect(one.delivery.stats()).toMatchObject({ refused: 1, inFlight: 1 })
  await outcome()
  expect(() => open.context.assertOwned()).not.toThrow()
})

test('what is done between the barrier and the outcome is committed when the partition is kept, and not before', async () => {
  const { clock, one, open, partition, committed, outcome } = await between()
  open.done()
  await clock.advance(1_000)
  expect((await committed())[partition]).toBe(-1)
  expect(one.delivery.stats().commitFailures).toBe(0)
  await outcome()
  await clock.advance(500)
  expect((await committed())[partition]).toBe(1)
})

test('what is put off between the barrier and the outcome is tried again after it', async () => {
  const { clock, one, open, outcome } = await between()
  open.retry(0)
  await clock.advance(500)
  expect(one.inFlight()).toEqual([])
  await outcome()
  expect([...one.open.values()].map(({ context }) => context.attempt)).toEqual([2])
})

test('a member that the group dropped keeps nothing, though it gets all of it back', async () => {
  const { broker, member, send, settle, clock } = await scene()
  const one = member('one')
  await one.delivery.start()
  await send('a1', 'b1')
  await one.finish('b1')
  const [before] = one.open.values()
  broker.expire('one')
  await settle()
  expect(before?.context.signal.aborted).toBe(true)
  expect(one.inFlight().sort()).toEqual(['a1', 'b1'])
  await one.finish('a1', 'b1')
  await clock.advance(500)
  expect(one.delivery.stats().perPartition).toMatchObject([{ committed: 2 }])
})

test('the time for which rebalances kept work from starting is counted', async () => {
  const { clock, one, joined, settle } = await joining()
  await clock.advance(3_000)
  expect(one.delivery.stats().rebalanceWaitMs).toBe(3_000)
  await clock.advance(2_000)
  await joined
  await settle()
  await clock.advance(2_000)
  expect(one.delivery.stats()).toMatchObject({ rebalanceWaitMs: 5_000, rebalances: 2 })
})

test('a member that closes between the barrier and the outcome finishes what it keeps, and publishes nothing before', async () => {
  const { clock, one, open, partition, committed } = await between()
  const closing = one.delivery.drain()
  await clock.advance(500)
  expect(() => open.context.assertOwned()).toThrow('fenced')
  const other = one.delivery.partitions()
  expect(other).toEqual([{ topic: 'topic', partition }])
  open.retry(0)
  await clock.advance(5_000)
  await closing
  expect((await committed())[partition]).toBe(-1)
  expect([one.inFlight(), one.delivery.partitions()]).toEqual([[], []])
})
