import { createMemoryBroker } from '@concord/messaging'
import { createVirtualClock } from '@concord/testing'
import { expect, test } from 'vitest'
import { lagOf } from './lag.ts'
import { renderLag } from './render.ts'

const record = { topic: 'jobs', key: null, value: Buffer.from('x'), headers: {} }

test('the lag is what lies behind the committed offset, or all where nothing was committed', async () => {
  const broker = createMemoryBroker({ clock: createVirtualClock() })
  const admin = await broker.admin()
  await admin.createTopics([{ topic: 'jobs', partitions: 2 }])
  const producer = await broker.producer({ clientId: 'test' })
  await producer.send([0, 0, 0, 1, 1].map((partition) => ({ ...record, partition })))
  await admin.place('workers', 'jobs', [{ partition: 0, offset: 2 }])
  const rows = await lagOf(admin, [{ name: 'workers', consumes: [{ name: 'jobs' }] }])
  expect(rows).toEqual([
    { group: 'workers', topic: 'jobs', partition: 0, committed: 2, end: 3, lag: 1 },
    { group: 'workers', topic: 'jobs', partition: 1, committed: -1, end: 2, lag: 2 },
  ])
  expect(renderLag(rows)).toContain('workers  jobs   3       1 2')
  expect(renderLag(rows)).toContain('3 records to be handled: workers 3')
})

test('nobody who reads is nothing to handle', () => {
  expect(renderLag([])).toContain('0 records to be handled')
})
