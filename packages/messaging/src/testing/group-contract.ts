import { eventually } from '@concord/testing'
import { expect, test } from 'vitest'
import { placesOf, rebalanceMs, receives, type Bench, type Probe } from './probe.ts'

const later = { timeout: 60_000 }

async function holds(probe: Probe, count: number): Promise<void> {
  await eventually(() => expect(probe.held).toHaveLength(count), rebalanceMs)
}

export function testGroup(bench: () => Bench): void {
  test('members share the partitions, and who leaves gives them back', later, async () => {
    const topic = await bench().topic(6)
    const group = bench().name('group')
    const one = await bench().join({ group, topics: [topic] })
    await holds(one, 6)
    const two = await bench().join({ group, topics: [topic] })
    await Promise.all([holds(one, 3), holds(two, 3)])
    expect(new Set([...placesOf(one.held), ...placesOf(two.held)]).size).toBe(6)
    await one.consumer.stop()
    await holds(two, 6)
    await bench().send(...[0, 1, 2, 3, 4, 5].map((partition) => ({ topic, partition })))
    await eventually(() => expect(two.records).toHaveLength(6))
    expect(one.records).toEqual([])
  })

  test('an aligned group keeps partition n of all topics together', later, async () => {
    const topics = [await bench().topic(5), await bench().topic(5), await bench().topic(5)]
    const group = bench().name('group')
    const options = { group, topics, assignment: 'aligned' as const }
    const one = await bench().join(options)
    await holds(one, 15)
    const two = await bench().join(options)
    await eventually(() => expect(one.held.length + two.held.length).toBe(15), rebalanceMs)
    for (const probe of [one, two]) {
      const numbers = new Set(probe.held.map(({ partition }) => partition))
      expect(numbers.size).toBeGreaterThan(1)
      expect(probe.held).toHaveLength(numbers.size * 3)
    }
  })

  test('an aligned group refuses topics of unequal size', async () => {
    const topics = [await bench().topic(2), await bench().topic(3)]
    const joining = bench().join({ group: bench().name('group'), topics, assignment: 'aligned' })
    await expect(joining).rejects.toMatchObject({ code: 'invalid_config' })
  })

  test('nobody gets a partition before its owner has drained, and a commit made while draining counts', later, async () => {
    const topic = await bench().topic(2)
    const group = bench().name('group')
    const admin = await bench().broker.admin()
    const order: string[] = []
    const texts = (texts: string[]) => texts.map((text, partition) => ({ topic, partition, value: Buffer.from(text) }))
    await bench().send(...texts(['a', 'b']))
    const one = await bench().join(
      { group, topics: [topic] },
      {
        async whenRevoked({ consumer }) {
          for (let i = 0; i < 50; i++) await admin.topicOffsets(topic)
          await consumer.commit([0, 1].map((partition) => ({ topic, partition, offset: 1 })))
          order.push('drained')
        },
      },
    )
    await eventually(() => expect(one.records).toHaveLength(2), rebalanceMs)
    const two = await bench().join({ group, topics: [topic] })
    order.push('joined')
    await Promise.all([holds(one, 1), holds(two, 1)])
    expect(order).toEqual(['drained', 'joined'])
    for (const probe of [one, two]) expect(probe.held[0]?.committed?.offset).toBe(1)
    await bench().send(...texts(['c', 'd']))
    await eventually(() => expect(one.records.length + two.records.length).toBe(4), rebalanceMs)
    await admin.close()
  })

  const both = (topic: string, ...values: string[]) =>
    bench().send(
      ...[0, 1].flatMap((partition) => values.map((value) => ({ topic, partition, value: Buffer.from(`${value}${partition}`) }))),
    )
  const kept = (probe: Probe) => probe.held.filter((one) => one.kept).map(({ partition }) => partition)

  test(
    'a partition that is kept goes on after the last record taken, and one that comes starts at the commit',
    later,
    async () => {
      const topic = await bench().topic(2)
      const group = bench().name('group')
      await both(topic, 'x', 'y')
      const one = await bench().join({ group, topics: [topic] })
      await eventually(() => expect(one.records).toHaveLength(4), rebalanceMs)
      one.records = []
      const two = await bench().join({ group, topics: [topic] })
      await Promise.all([holds(one, 1), holds(two, 1)])
      const [own, other] = [one.held[0]?.partition ?? -1, two.held[0]?.partition ?? -1]
      expect([kept(one), kept(two)]).toEqual([[own], []])
      await both(topic, 'z')
      await receives(two, [`x${other}`, `y${other}`, `z${other}`])
      await receives(one, [`z${own}`])
    },
  )

  test("a partition that was another member's in between is not kept", later, async () => {
    const topic = await bench().topic(2)
    const group = bench().name('group')
    const one = await bench().join({ group, topics: [topic] })
    await both(topic, 'x')
    await eventually(() => expect(one.records).toHaveLength(2), rebalanceMs)
    const two = await bench().join({ group, topics: [topic] })
    await Promise.all([holds(one, 1), holds(two, 1)])
    const other = two.held[0]?.partition ?? -1
    one.records = []
    await two.consumer.stop()
    await holds(one, 2)
    expect(kept(one)).toEqual([1 - other])
    await receives(one, [`x${other}`])
  })

  test('what was paused before a rebalance flows after it, kept or not', later, async () => {
    const topic = await bench().topic(2)
    const group = bench().name('group')
    const one = await bench().join({ group, topics: [topic] })
    one.consumer.pause([0, 1].map((partition) => ({ topic, partition })))
    const two = await bench().join({ group, topics: [topic] })
    await Promise.all([holds(one, 1), holds(two, 1)])
    await both(topic, 'x')
    await receives(one, [`x${one.held[0]?.partition}`])
    await receives(two, [`x${two.held[0]?.partition}`])
  })

  test('a commit for a partition of another member is fenced', later, async () => {
    const topic = await bench().topic(2)
    const group = bench().name('group')
    const one = await bench().join({ group, topics: [topic] })
    const two = await bench().join({ group, topics: [topic] })
    await Promise.all([holds(one, 1), holds(two, 1)])
    const [own, other] = [one.held[0]?.partition ?? -1, two.held[0]?.partition ?? -1]
    const stray = [own, other].map((partition) => ({ topic, partition, offset: 1 }))
    await expect(one.consumer.commit(stray)).rejects.toMatchObject({ code: 'fenced' })
    const admin = await bench().broker.admin()
    expect((await admin.committed(group, topic)).map(({ offset }) => offset)).toEqual([-1, -1])
    await admin.close()
  })
}
