import { createMemoryBroker, type MemoryBroker } from '@concord/messaging'
import { createVirtualClock } from '@concord/testing'
import { expect, test } from 'vitest'
import { lagOf } from './lag.ts'

const readers = [{ name: 'workers', consumes: [{ name: 'jobs' }] }]
/** One incomplete, then two that are done: the map of a commit at the first. */
const oneOpenTwoDone = `done1:${Buffer.from([1, 2]).toString('base64')}`

async function scene() {
  const clock = createVirtualClock()
  const broker = createMemoryBroker({ clock })
  const admin = await broker.admin()
  await admin.createTopics([{ topic: 'jobs', partitions: 2 }])
  const producer = await broker.producer({ clientId: 'test' })
  const send = (partition: number) =>
    producer.send([{ topic: 'jobs', partition, key: null, value: Buffer.from('x'), headers: {} }])
  return { clock, broker, admin, send }
}

async function commit(broker: MemoryBroker, offset: number, metadata: string): Promise<void> {
  const consumer = broker.consumer({ group: 'workers', topics: ['jobs'], clientId: 'w', assignment: 'spread' })
  const assigned = Promise.withResolvers<void>()
  await consumer.start({
    onAssigned: async () => assigned.resolve(),
    onRevoked: async () => undefined,
    onLost: () => undefined,
    onRecords: () => undefined,
    onCrash: () => undefined,
  })
  await assigned.promise
  await consumer.commit([{ topic: 'jobs', partition: 0, offset, metadata }])
  await consumer.stop()
}

test('the lag is what lies behind the committed offset, or all where nothing was committed, with the age of its first record', async () => {
  const { clock, broker, admin, send } = await scene()
  const begun = clock.now()
  for (const partition of [0, 0, 1]) await send(partition)
  await clock.advance(1_000)
  for (const partition of [0, 1]) await send(partition)
  await admin.place('workers', 'jobs', [{ partition: 0, offset: 2 }])
  const at = { group: 'workers', topic: 'jobs', gap: 0 }
  expect(await lagOf(broker, admin, readers)).toEqual([
    { ...at, partition: 0, committed: 2, end: 3, lag: 1, notDone: 1, oldestAt: begun + 1_000 },
    { ...at, partition: 1, committed: -1, end: 2, lag: 2, notDone: 2, oldestAt: begun },
  ])
})

test('what is done above the watermark is in the lag, and not among what is not done', async () => {
  const { broker, admin, send } = await scene()
  for (let n = 0; n < 6; n++) await send(0)
  await commit(broker, 1, oneOpenTwoDone)
  const [row] = await lagOf(broker, admin, readers)
  expect(row).toMatchObject({ committed: 1, end: 6, lag: 5, gap: 3, notDone: 3 })
})

test('metadata of another origin says nothing', async () => {
  const { broker, admin, send } = await scene()
  for (let n = 0; n < 3; n++) await send(0)
  await commit(broker, 1, 'somebody else')
  expect((await lagOf(broker, admin, readers))[0]).toMatchObject({ lag: 2, notDone: 2, gap: 0 })
})

test('a partition that is read to its end has no lag and no oldest record', async () => {
  const { broker, admin, send } = await scene()
  await send(0)
  await admin.place('workers', 'jobs', [{ partition: 0, offset: 1 }])
  expect((await lagOf(broker, admin, readers))[0]).toMatchObject({ lag: 0, notDone: 0, oldestAt: null })
})
