import { eventually } from '@concord/testing'
import { expect, test } from 'vitest'
import { receives, valueOf, type Bench } from './probe.ts'

const numbered = (topic: string, from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => ({ topic, partition: 0, value: Buffer.from(`${from + i}`) }))
const texts = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => `${from + i}`)

export function testConsumer(bench: () => Bench): void {
  test('a new group starts at the earliest record, and what is sent later follows', async () => {
    const topic = await bench().topic(1)
    await bench().send(...numbered(topic, 0, 2))
    const probe = await bench().join({ group: bench().name('group'), topics: [topic] })
    expect(probe.held).toEqual([{ topic, partition: 0, committed: null, kept: false }])
    await receives(probe, texts(0, 2))
    await bench().send(...numbered(topic, 2, 4))
    await receives(probe, texts(0, 4))
    expect(probe.records.map((record) => record.offset)).toEqual([0, 1, 2, 3])
  })

  test('a group goes on at what it committed, and gets the metadata back', async () => {
    const topic = await bench().topic(1)
    const group = bench().name('group')
    await bench().send(...numbered(topic, 0, 5))
    const before = await bench().join({ group, topics: [topic] })
    await receives(before, texts(0, 5))
    await before.consumer.commit([{ topic, partition: 0, offset: 3, metadata: 'three' }])
    await before.consumer.stop()
    const after = await bench().join({ group, topics: [topic] })
    await receives(after, texts(3, 5))
    expect(after.held).toEqual([{ topic, partition: 0, committed: { offset: 3, metadata: 'three' }, kept: false }])
    const admin = await bench().broker.admin()
    expect(await admin.committed(group, topic)).toEqual([{ partition: 0, offset: 3, metadata: 'three' }])
    await admin.close()
  })

  test('what was read and not committed comes again', async () => {
    const topic = await bench().topic(1)
    const group = bench().name('group')
    await bench().send(...numbered(topic, 0, 3))
    const before = await bench().join({ group, topics: [topic] })
    await receives(before, texts(0, 3))
    await before.consumer.stop()
    await receives(await bench().join({ group, topics: [topic] }), texts(0, 3))
  })

  test('a paused partition gives nothing until it is resumed, and then leaves nothing out', async () => {
    const topic = await bench().topic(2)
    const probe = await bench().join({ group: bench().name('group'), topics: [topic] })
    probe.consumer.pause([{ topic, partition: 0 }])
    await bench().send(...numbered(topic, 0, 3), { topic, partition: 1, value: Buffer.from('other') })
    await receives(probe, ['other'])
    probe.consumer.resume([{ topic, partition: 0 }])
    await receives(probe, ['other', ...texts(0, 3)])
  })

  test('records that were not taken come again after resume', async () => {
    const topic = await bench().topic(1)
    await bench().send(...numbered(topic, 0, 10))
    let room = 4
    const probe = await bench().join(
      { group: bench().name('group'), topics: [topic] },
      {
        take(records, { consumer }) {
          const taken = Math.min(room, records.length)
          room -= taken
          if (room === 0) consumer.pause([{ topic, partition: 0 }])
          return taken
        },
      },
    )
    await receives(probe, texts(0, 4))
    room = 100
    probe.consumer.resume([{ topic, partition: 0 }])
    await receives(probe, texts(0, 10))
  })

  test('a topic that does not exist is not found', async () => {
    const topics = [await bench().topic(1), bench().name('unknown')]
    await expect(bench().join({ group: bench().name('group'), topics })).rejects.toMatchObject({ code: 'not_found' })
  })

  test('a commit with too much metadata is refused and moves nothing', async () => {
    const topic = await bench().topic(1)
    const group = bench().name('group')
    await bench().send(...numbered(topic, 0, 1))
    const probe = await bench().join({ group, topics: [topic] })
    const commit = { topic, partition: 0, offset: 1, metadata: 'x'.repeat(4_097) }
    await expect(probe.consumer.commit([commit])).rejects.toMatchObject({ code: 'invalid_record' })
    const admin = await bench().broker.admin()
    expect(await admin.committed(group, topic)).toMatchObject([{ offset: -1 }])
    await admin.close()
  })

  test('a commit after stop is fenced', async () => {
    const topic = await bench().topic(1)
    const probe = await bench().join({ group: bench().name('group'), topics: [topic] })
    await probe.consumer.stop()
    await expect(probe.consumer.commit([{ topic, partition: 0, offset: 1 }])).rejects.toMatchObject({ code: 'fenced' })
  })

  test('two groups each get every record', async () => {
    const topic = await bench().topic(1)
    const [one, two] = [
      await bench().join({ group: bench().name('group'), topics: [topic] }),
      await bench().join({ group: bench().name('group'), topics: [topic] }),
    ]
    await bench().send(...numbered(topic, 0, 3))
    await receives(one, texts(0, 3))
    await receives(two, texts(0, 3))
  })

  test('the last contact moves on while a consumer idles', async () => {
    const topic = await bench().topic(1)
    const probe = await bench().join({ group: bench().name('group'), topics: [topic] })
    expect(probe.records.map(valueOf)).toEqual([])
    const before = probe.consumer.lastContact()
    await eventually(() => expect(probe.consumer.lastContact()).toBeGreaterThan(before))
  })

  test('with its records, a consumer hears where the log ends and where it reads next', async () => {
    const topic = await bench().topic(1)
    await bench().send(...numbered(topic, 0, 3))
    const probe = await bench().join({ group: bench().name('group'), topics: [topic] })
    await receives(probe, texts(0, 3))
    expect([probe.position, probe.high]).toEqual([3, 3])
    await bench().send(...numbered(topic, 3, 5))
    await receives(probe, texts(0, 5))
    expect([probe.position, probe.high]).toEqual([5, 5])
  })

  test('a member knows until when its group waits for it, and who is none that nobody does', async () => {
    const topic = await bench().topic(1)
    const options = { group: bench().name('group'), topics: [topic] }
    expect(
      bench()
        .broker.consumer({ ...options, clientId: 'new', assignment: 'spread' })
        .memberUntil(),
    ).toBe(0)
    const { consumer } = await bench().join(options)
    const until = consumer.memberUntil()
    expect(until).toBeGreaterThan(Date.now() + 5_000)
    await eventually(() => expect(consumer.memberUntil()).toBeGreaterThan(until))
    await consumer.stop()
    expect(consumer.memberUntil()).toBe(0)
  })
}
