import { expect, test } from 'vitest'
import type { Broker, InRecord, OffsetRange, TopicPartition } from '../broker.ts'
import { valueOf, type Bench } from './probe.ts'

const everything = { from: 0, to: Infinity }
const texts = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => `${from + i}`)

async function readAll(broker: Broker, at: TopicPartition, range: OffsetRange = everything): Promise<InRecord[]> {
  const records: InRecord[] = []
  for await (const list of broker.read(at, range)) {
    expect(list).not.toEqual([])
    records.push(...list)
  }
  return records
}

export function testRead(bench: () => Bench): void {
  async function filled(count: number, partition = 0, partitions = 1): Promise<TopicPartition> {
    const topic = await bench().topic(partitions)
    await bench().send(...texts(0, count).map((text) => ({ topic, partition, value: Buffer.from(text) })))
    return { topic, partition }
  }

  const ranges: [string, OffsetRange, string[]][] = [
    ['all of it', everything, texts(0, 300)],
    ['a part of it', { from: 50, to: 270 }, texts(50, 270)],
    ['one record', { from: 299, to: 300 }, ['299']],
    ['what begins before the log and ends behind it', { from: -5, to: 1_000 }, texts(0, 300)],
    ['what lies behind the log', { from: 300, to: 400 }, []],
    ['nothing', { from: 7, to: 7 }, []],
    ['less than nothing', { from: 9, to: 7 }, []],
  ]
  test.for(ranges)('a read of %s gives the records of that range, in order', async ([, range, expected]) => {
    const at = await filled(300)
    const records = await readAll(bench().broker, at, range)
    expect(records.map(valueOf)).toEqual(expected)
    expect(records.map(({ offset }) => offset)).toEqual(expected.map(Number))
  })

  test('a read of an empty partition ends at once', async () => {
    expect(await readAll(bench().broker, { topic: await bench().topic(1), partition: 0 })).toEqual([])
  })

  test('a read gives records as a consumer gets them', async () => {
    const topic = await bench().topic(1)
    await bench().send({ topic, key: 'key', value: null, headers: { one: 'text', many: [Buffer.from('a'), Buffer.from('b')] } })
    const [record] = await readAll(bench().broker, { topic, partition: 0 })
    expect(record).toMatchObject({ topic, partition: 0, offset: 0, key: Buffer.from('key'), value: null })
    expect(record?.headers).toEqual({ one: Buffer.from('text'), many: [Buffer.from('a'), Buffer.from('b')] })
    expect(record?.timestamp).toBeGreaterThan(Date.UTC(2020, 0, 1))
  })

  test('a read ends where the log ended when it began', async () => {
    const at = await filled(3)
    const seen: string[] = []
    for await (const list of bench().broker.read(at, everything)) {
      seen.push(...list.map(valueOf))
      await bench().send({ ...at, value: Buffer.from('later') })
    }
    expect(seen).toEqual(texts(0, 3))
  })

  test('partitions are read at once, each its own records', async () => {
    const topic = await bench().topic(4)
    const numbers = [0, 1, 2, 3]
    await bench().send(
      ...numbers.flatMap((partition) =>
        ['x', 'y'].map((text) => ({ topic, partition, value: Buffer.from(`${text}${partition}`) })),
      ),
    )
    const found = await Promise.all(numbers.map((partition) => readAll(bench().broker, { topic, partition })))
    expect(found.map((records) => records.map(valueOf))).toEqual(numbers.map((n) => [`x${n}`, `y${n}`]))
  })

  test('a read commits nothing and takes no partition from a group', async () => {
    const at = await filled(5)
    const group = bench().name('group')
    const probe = await bench().join({ group, topics: [at.topic] })
    await readAll(bench().broker, at)
    expect([probe.revocations, probe.lost, probe.held.length]).toEqual([0, [], 1])
    const admin = await bench().broker.admin()
    expect(await admin.committed(group, at.topic)).toMatchObject([{ offset: -1 }])
    await admin.close()
  })

  test('a reader may stop early, and another begin', async () => {
    const at = await filled(250)
    for await (const list of bench().broker.read(at, everything)) {
      expect(list[0]?.offset).toBe(0)
      break
    }
    expect(await readAll(bench().broker, at)).toHaveLength(250)
  })

  test('a read of what does not exist is not found', async () => {
    const topic = await bench().topic(1)
    await expect(readAll(bench().broker, { topic, partition: 3 })).rejects.toMatchObject({ code: 'not_found' })
    const unknown = { topic: bench().name('unknown'), partition: 0 }
    await expect(readAll(bench().broker, unknown)).rejects.toMatchObject({ code: 'not_found' })
  })

  test('a read ends with the reason of its signal', async () => {
    const at = await filled(3)
    const reason = new Error('enough')
    const reading = bench().broker.read(at, everything, AbortSignal.abort(reason))
    await expect(reading[Symbol.asyncIterator]().next()).rejects.toBe(reason)
  })
}
