import { expect, test } from 'vitest'
import type { OutRecord } from '../broker.ts'
import { partitionOf } from '../partitioner.ts'
import { outRecord, receives, valueOf, type Bench } from './probe.ts'

export function testProducer(bench: () => Bench): void {
  test('a record arrives as it was sent', async () => {
    const topic = await bench().topic(1)
    const headers = { one: 'text', two: Buffer.from([0, 255]), many: [Buffer.from('a'), Buffer.from('b')] }
    await bench().send({ topic, key: 'key', value: Buffer.from('first'), headers }, { topic, value: null })
    const probe = await bench().join({ group: bench().name('group'), topics: [topic] })
    await receives(probe, ['first', '(tombstone)'])
    const [first, second] = probe.records
    expect(first).toMatchObject({ topic, partition: 0, offset: 0, key: Buffer.from('key') })
    expect(first?.headers).toEqual({ ...headers, one: Buffer.from('text') })
    expect(first?.timestamp).toBeGreaterThan(Date.UTC(2020, 0, 1))
    expect(second).toMatchObject({ offset: 1, key: null, value: null })
  })

  test('the key decides the partition, as in Java clients', async () => {
    const topic = await bench().topic(6)
    const keys = ['a', 'tenant:conversation', 'ünïcode', '']
    await bench().send(...keys.map((key) => ({ topic, key })))
    const probe = await bench().join({ group: bench().name('group'), topics: [topic] })
    await receives(probe, ['value', 'value', 'value', 'value'])
    for (const record of probe.records) expect(record.partition).toBe(partitionOf(record.key ?? '', 6))
  })

  test('a named partition beats the key', async () => {
    const topic = await bench().topic(4)
    await bench().send(...[0, 1, 2, 3].map((partition) => ({ topic, partition, key: 'same' })))
    const probe = await bench().join({ group: bench().name('group'), topics: [topic] })
    await receives(probe, ['value', 'value', 'value', 'value'])
    expect(new Set(probe.records.map((record) => record.partition))).toEqual(new Set([0, 1, 2, 3]))
  })

  test('calls that overlap keep the order of each partition', async () => {
    const topic = await bench().topic(3)
    const producer = await bench().broker.producer({ clientId: 'overlap' })
    const values = Array.from({ length: 300 }, (_, i) => `${i}`)
    await Promise.all(
      values.map((value, i) => producer.send([outRecord({ topic, partition: i % 3, value: Buffer.from(value) })])),
    )
    await producer.close()
    const probe = await bench().join({ group: bench().name('group'), topics: [topic] })
    const of = (partition: number) => probe.records.filter((record) => record.partition === partition).map(valueOf)
    await expect.poll(() => probe.records.length, { timeout: 10_000 }).toBe(300)
    for (const partition of [0, 1, 2]) expect(of(partition)).toEqual(values.filter((_, i) => i % 3 === partition))
  })

  const refused: [string, (topic: string) => Partial<OutRecord>][] = [
    ['an unknown topic', (topic) => ({ topic: `${topic}-unknown` })],
    ['a partition that is not there', () => ({ partition: 9 })],
    ['too many bytes', () => ({ value: Buffer.alloc(1_100_000) })],
    ['a header that is a number', () => ({ headers: { count: 1 as never } })],
    ['a header that is null', () => ({ headers: { nothing: null as never } })],
  ]
  test.for(refused)('a record with %s is refused alone', async ([, flaw]) => {
    const topic = await bench().topic(1)
    const producer = await bench().broker.producer({ clientId: 'refused' })
    const good = (value: string) => producer.send([outRecord({ topic, value: Buffer.from(value) })])
    const bad = outRecord({ topic, ...flaw(topic) })
    const calls = await Promise.allSettled([
      good('1'),
      producer.send([outRecord({ topic, value: Buffer.from('with') }), bad]),
      good('2'),
    ])
    expect(calls.map((call) => call.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(calls[1]).toMatchObject({ reason: { code: 'invalid_record', retryable: false } })
    await producer.close()
    await receives(await bench().join({ group: bench().name('group'), topics: [topic] }), ['1', '2'])
  })

  test('a closed producer refuses', async () => {
    const topic = await bench().topic(1)
    const producer = await bench().broker.producer({ clientId: 'closed' })
    await producer.close()
    await expect(producer.send([outRecord({ topic })])).rejects.toMatchObject({ code: 'broker_unavailable' })
  })
}
