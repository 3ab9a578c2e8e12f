import { expect, test } from 'vitest'
import { scene } from '../testing/delivery-scene.ts'
import { outRecord } from '../testing/probe.ts'

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

test('what is queued behind its key and what waits for its retry count towards the limit, as what is in flight does', async () => {
  const { member, send } = await scene()
  const { delivery, open, inFlight } = member('one', { maxIncompletePerPartition: 4, concurrency: 2 })
  await delivery.start()
  await send('a1', 'a2', 'b1', 'c1', 'd1')
  open.get('b1')?.retry(60_000)
  await send('e1')
  expect(inFlight()).toEqual(['a1', 'c1'])
  expect(delivery.stats()).toMatchObject({
    inFlight: 2,
    queued: 1,
    waiting: 1,
    pausedPartitions: 1,
    perPartition: [{ incomplete: 4 }],
  })
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
