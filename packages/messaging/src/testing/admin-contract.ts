import { expect, test } from 'vitest'
import type { Bench } from './probe.ts'

export function testAdmin(bench: () => Bench): void {
  test('topics are created once, with their partitions', async () => {
    const admin = await bench().broker.admin()
    const [old, fresh] = [await bench().topic(2), bench().name('fresh')]
    const created = await admin.createTopics([
      { topic: old, partitions: 5 },
      { topic: fresh, partitions: 3 },
    ])
    expect(created).toEqual([fresh])
    const topics = await admin.listTopics()
    expect([topics.get(old), topics.get(fresh)]).toEqual([2, 3])
    await admin.close()
  })

  test('the offsets of a topic say where each partition starts and ends', async () => {
    const topic = await bench().topic(2)
    await bench().send({ topic, partition: 1 }, { topic, partition: 1 })
    const admin = await bench().broker.admin()
    expect(await admin.topicOffsets(topic)).toEqual([
      { partition: 0, low: 0, high: 0 },
      { partition: 1, low: 0, high: 2 },
    ])
    await admin.close()
  })

  test('a group that has committed nothing stands at -1', async () => {
    const topic = await bench().topic(1)
    const admin = await bench().broker.admin()
    expect(await admin.committed(bench().name('group'), topic)).toEqual([{ partition: 0, offset: -1, metadata: '' }])
    await admin.close()
  })

  test('a group without members is placed, and starts to read there', async () => {
    const topic = await bench().topic(1)
    const group = bench().name('group')
    await bench().send({ topic, partition: 0 }, { topic, partition: 0 }, { topic, partition: 0 })
    const admin = await bench().broker.admin()
    await admin.place(group, topic, [{ partition: 0, offset: 2 }])
    expect(await admin.committed(group, topic)).toMatchObject([{ partition: 0, offset: 2 }])
    await admin.close()
  })

  test('the offsets of an unknown topic are not found', async () => {
    const admin = await bench().broker.admin()
    await expect(admin.topicOffsets(bench().name('unknown'))).rejects.toMatchObject({ code: 'not_found' })
    await admin.close()
  })
}
