import { eventually } from '@concord/testing'
import { expect } from 'vitest'
import type { Assigned, Broker, Consumer, ConsumerOptions, InRecord, OutRecord, TopicPartition } from '../broker.ts'

/** A consumer that keeps what it is told. */
export interface Probe {
  consumer: Consumer
  records: InRecord[]
  /** Where the log ended when it last got records. */
  high: number
  /** Where it reads next, as it heard last. */
  position: number
  /** What it holds now. */
  held: Assigned[]
  revocations: number
  lost: TopicPartition[]
  /** Runs inside `onRevoked`. */
  whenRevoked: (probe: Probe) => Promise<void>
  /** How many of the records handed over are taken. */
  take: (records: InRecord[], probe: Probe) => number
}

/** One broker under test, with names of its own, that ends what was begun. */
export interface Bench {
  broker: Broker
  /** A name that no other test uses. */
  name(stem: string): string
  topic(partitions: number, stem?: string): Promise<string>
  send(...records: (Partial<OutRecord> & { topic: string })[]): Promise<void>
  join(options: Partial<ConsumerOptions> & Pick<ConsumerOptions, 'group' | 'topics'>, probe?: Partial<Probe>): Promise<Probe>
  dispose(): Promise<void>
}

export function createBench(broker: Broker): Bench {
  const stops: (() => Promise<void>)[] = []
  const run = Math.random().toString(36).slice(2, 10)
  let names = 0

  const bench: Bench = {
    broker,
    name: (stem) => `${stem}-${run}-${names++}`,
    async topic(partitions, stem = 'topic') {
      const topic = bench.name(stem)
      const admin = await broker.admin()
      await admin.createTopics([{ topic, partitions }])
      await admin.close()
      return topic
    },
    async send(...records) {
      const producer = await broker.producer({ clientId: 'bench' })
      await producer.send(records.map((record) => outRecord(record)))
      await producer.close()
    },
    async join(options, overrides) {
      const probe = createProbe(broker.consumer({ clientId: 'probe', assignment: 'spread', ...options }), overrides)
      stops.push(() => probe.consumer.stop())
      await probe.consumer.start({
        async onAssigned(partitions) {
          probe.held.push(...partitions)
        },
        async onRevoked() {
          probe.revocations++
          await probe.whenRevoked(probe)
          probe.held = []
        },
        onLost(partitions) {
          probe.lost.push(...partitions)
          probe.held = []
        },
        onRecords(records, { high, position }) {
          probe.high = high
          probe.position = position
          const taken = probe.take(records, probe)
          probe.records.push(...records.slice(0, taken))
          return taken
        },
        onCrash(error) {
          throw error
        },
      })
      return probe
    },
    async dispose() {
      await Promise.all(stops.map((stop) => stop()))
    },
  }
  return bench
}

function createProbe(consumer: Consumer, overrides: Partial<Probe> = {}): Probe {
  return {
    consumer,
    records: [],
    high: -1,
    position: -1,
    held: [],
    revocations: 0,
    lost: [],
    whenRevoked: async () => {},
    take: (records) => records.length,
    ...overrides,
  }
}

export function outRecord(record: Partial<OutRecord> & { topic: string }): OutRecord {
  return { key: null, value: Buffer.from('value'), headers: {}, ...record }
}

/** What a record says, for comparing lists. */
export const valueOf = (record: InRecord): string => record.value?.toString() ?? '(tombstone)'

export const placesOf = (partitions: readonly TopicPartition[]): string[] =>
  partitions.map(({ topic, partition }) => `${topic}/${partition}`).sort()

/** Rebalances of a real group take seconds. */
export const rebalanceMs = 30_000

export async function receives(probe: Probe, values: string[]): Promise<void> {
  await eventually(() => expect(probe.records.map(valueOf)).toEqual(values), rebalanceMs)
}
