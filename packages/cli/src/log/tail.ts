import { randomUUID } from 'node:crypto'
import { topics as ours, type Codec } from '@concord/contracts'
import type { Broker, Consumer, InRecord } from '@concord/messaging'
import { readEntry, type LogEntry } from './entry.ts'

export interface Tail {
  stop(): Promise<void>
}

export interface TailOptions {
  broker: Broker
  codec: Codec
  /** Full names; every topic of the constellation unless given. */
  topics?: string[]
  /** Where to begin; the first record unless told. */
  from?: 'start' | 'end'
  onEntry(entry: LogEntry): void
  /** The tail has ended by itself. */
  onCrash?(error: unknown): void
}

/** Reads topics from their beginning and goes on as they grow, in a group of its own that commits nothing. Entries of a partition come in order. */
export async function tail({
  broker,
  codec,
  topics = ours.map(({ name }) => name),
  onEntry,
  onCrash,
}: TailOptions): Promise<Tail> {
  const group = `concord-cli-${randomUUID()}`
  const consumer: Consumer = broker.consumer({ group, topics, clientId: group, assignment: 'spread' })
  const chains = new Map<string, Promise<void>>()
  const read = new Map<string, number>()
  const take = async (records: InRecord[]): Promise<void> => {
    for (const record of records) {
      const place = `${record.topic}/${record.partition}`
      if (record.offset < (read.get(place) ?? 0)) continue
      read.set(place, record.offset + 1)
      const entry = await readEntry(codec, record)
      if (entry !== null) onEntry(entry)
    }
  }
  await consumer.start({
    onAssigned: async () => undefined,
    onRevoked: async () => undefined,
    onLost: () => undefined,
    onRecords(records) {
      const place = `${records[0]?.topic}/${records[0]?.partition}`
      const chained = (chains.get(place) ?? Promise.resolve()).then(() => take(records))
      chains.set(
        place,
        chained.catch((error: unknown) => onCrash?.(error)),
      )
    },
    onCrash: (error) => onCrash?.(error),
  })
  return { stop: () => consumer.stop() }
}

async function placeAtEnd(broker: Broker, group: string, topics: readonly string[]): Promise<void> {
  const admin = await broker.admin()
  try {
    for (const topic of topics) {
      const ends = await admin.topicOffsets(topic)
      await admin.place(
        group,
        topic,
        ends.map(({ partition, high }) => ({ partition, offset: high })),
      )
    }
  } finally {
    await admin.close()
  }
}

/** Everything that the topics hold now, for which `wanted` is true. */
export async function readAll(
  options: Omit<TailOptions, 'onEntry' | 'onCrash'> & { wanted(entry: LogEntry): boolean },
): Promise<LogEntry[]> {
  const { broker, topics = ours.map(({ name }) => name), wanted } = options
  const admin = await broker.admin()
  const ends = (
    await Promise.all(topics.map(async (topic) => (await admin.topicOffsets(topic)).map((at) => ({ topic, ...at }))))
  ).flat()
  await admin.close()
  const open = new Set(ends.filter(({ low, high }) => high > low).map(({ topic, partition }) => `${topic}/${partition}`))
  const lastOf = new Map(ends.map(({ topic, partition, high }) => [`${topic}/${partition}`, high - 1]))
  const found: LogEntry[] = []
  if (open.size === 0) return found
  return new Promise((resolve, reject) => {
    const consuming = tail({
      ...options,
      topics,
      onEntry(entry) {
        if (wanted(entry)) found.push(entry)
        const place = `${entry.topic}/${entry.partition}`
        if (entry.offset >= (lastOf.get(place) ?? 0)) open.delete(place)
        if (open.size === 0) void consuming.then((reading) => reading.stop()).then(() => resolve(found), reject)
      },
      onCrash: reject,
    })
    consuming.catch(reject)
  })
}
