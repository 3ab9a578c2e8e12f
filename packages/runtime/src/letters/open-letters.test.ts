import { Fault } from '@concord/contracts'
import { createMemoryBroker, type Broker } from '@concord/messaging'
import { createVirtualClock } from '@concord/testing'
import { beforeEach, expect, test } from 'vitest'
import { deadLetter } from '../dead-letter.ts'
import { aRecord, aWork, pieces } from '../testing/pieces.ts'
import { createLetterCount } from './open-letters.ts'
import { readSettlement, settlementRecord } from './settlement.ts'

const topic = 'concord.triage.v1.agent.dlq'

async function scene() {
  const clock = createVirtualClock()
  const broker = createMemoryBroker({ clock })
  const { shell } = await pieces()
  const admin = await broker.admin()
  await admin.createTopics([{ topic, partitions: 1 }])
  const producer = await broker.producer({ clientId: 'test' })
  const begun = clock.now()
  return {
    broker,
    admin,
    clock,
    begun,
    giveUp: () => producer.send([deadLetter(aWork({ record: aRecord() }), new Fault('model_refused', 'no.'), shell)]),
    settle: (offset: number, action: 'replayed' | 'discarded' = 'replayed') =>
      producer.send([settlementRecord({ topic, partition: 0, offset }, { action, by: 'ada', reason: 'mended' })]),
    junk: () => producer.send([{ topic, key: null, value: Buffer.from('x'), headers: {} }]),
  }
}

let at: Awaited<ReturnType<typeof scene>>

beforeEach(async () => {
  at = await scene()
})

test('letters are open until they are replayed or discarded', async () => {
  const count = createLetterCount(at.broker)
  expect(await count.measure(topic, at.admin)).toEqual({ count: 0, oldestAt: null })
  await at.giveUp()
  await at.clock.advance(1_000)
  await at.giveUp()
  expect(await count.measure(topic, at.admin)).toEqual({ count: 2, oldestAt: at.begun })
  await at.settle(0)
  expect(await count.measure(topic, at.admin)).toEqual({ count: 1, oldestAt: at.begun + 1_000 })
  await at.settle(1, 'discarded')
  await at.junk()
  expect(await count.measure(topic, at.admin)).toEqual({ count: 0, oldestAt: null })
})

test('whoever counts for the first time finds the same', async () => {
  await at.giveUp()
  await at.giveUp()
  await at.settle(1)
  expect(await createLetterCount(at.broker).measure(topic, at.admin)).toMatchObject({ count: 1 })
})

test('what was read once is not read again, also by those who count at the same time', async () => {
  const ranges: number[] = []
  const watched: Pick<Broker, 'read'> = {
    read(place, range, signal) {
      ranges.push(range.from)
      return at.broker.read(place, range, signal)
    },
  }
  const count = createLetterCount(watched)
  await at.giveUp()
  await Promise.all([count.measure(topic, at.admin), count.measure(topic, at.admin)])
  await at.giveUp()
  expect(await count.measure(topic, at.admin)).toMatchObject({ count: 2 })
  expect(ranges).toEqual([0, 1])
})

test('a settlement says who did what, when and why, whatever their name', async () => {
  const record = settlementRecord({ topic, partition: 0, offset: 4 }, { action: 'discarded', by: 'Jürgen Ж', reason: 'a test' })
  const headers = Object.fromEntries(Object.entries(record.headers).map(([name, value]) => [name, Buffer.from(String(value))]))
  expect(readSettlement({ ...aRecord({ headers }), timestamp: 9 })).toEqual({
    action: 'discarded',
    offset: 4,
    by: 'Jürgen Ж',
    reason: 'a test',
    at: 9,
  })
  expect(readSettlement(aRecord())).toBeNull()
})
