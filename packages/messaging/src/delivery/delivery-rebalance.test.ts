import { Fault } from '@concord/contracts'
import { expect, test } from 'vitest'
import { scene } from '../testing/delivery-scene.ts'
import type { PartitionChange } from './delivery-options.ts'

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

test('a drain pauses, lets work end, commits, and only then leaves', async () => {
  const { broker, member, send, settle } = await scene()
  const order: string[] = []
  const watched: typeof broker = Object.create(broker)
  watched.consumer = (options) => {
    const inner = broker.consumer(options)
    for (const name of ['pause', 'commit', 'stop'] as const) {
      const call = inner[name].bind(inner) as (argument: never) => Promise<void>
      inner[name] = ((argument: never) => (order.push(name), call(argument))) as never
    }
    return inner
  }
  const one = member('one', { broker: watched })
  await one.delivery.start()
  await send('a1')
  order.length = 0
  const draining = one.delivery.drain()
  await settle()
  order.push('work ends')
  await one.finish('a1')
  await draining
  expect(order).toEqual(['pause', 'work ends', 'commit', 'stop'])
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
