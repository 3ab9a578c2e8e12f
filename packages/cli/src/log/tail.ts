import { randomUUID } from 'node:crypto'
import { topics as ours, type Codec } from '@concord/contracts'
import type { Broker, Consumer, InRecord, TopicPartition } from '@concord/messaging'
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
  /** Only messages about this request; the others are not even decoded. */
  requestId?: string
  onEntry(entry: LogEntry): void
  /** How far a partition has been read, after each record: also after those that are no entries. */
  onPosition?(at: TopicPartition & { offset: number }): void
  /** The tail has ended by itself. */
  onCrash?(error: unknown): void
}

/** Reads topics and goes on as they grow, in a group of its own that commits nothing. Entries of a partition come in order. */
export async function tail(options: TailOptions): Promise<Tail> {
  const {
    broker,
    codec,
    topics = ours.map(({ name }) => name),
    from = 'start',
    requestId,
    onEntry,
    onPosition,
    onCrash,
  } = options
  const group = `concord-cli-${randomUUID()}`
  const consumer: Consumer = broker.consumer({ group, topics, clientId: group, assignment: 'spread' })
  const chains = new Map<string, Promise<void>>()
  const read = new Map<string, number>()
  const take = async (records: InRecord[]): Promise<void> => {
    for (const record of records) {
      const place = placeOf(record)
      if (record.offset < (read.get(place) ?? 0)) continue
      read.set(place, record.offset + 1)
      const entry = isAbout(record, requestId) ? await readEntry(codec, record) : null
      if (entry !== null) onEntry(entry)
      onPosition?.(record)
    }
  }
  if (from === 'end') await placeAtEnd(broker, group, topics)
  await consumer.start({
    onAssigned: async () => undefined,
    onRevoked: async () => undefined,
    onLost: () => undefined,
    onRecords(records) {
      const [first] = records
      if (first === undefined) return
      const place = placeOf(first)
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

const placeOf = ({ topic, partition }: TopicPartition): string => `${topic}/${partition}`

/** By the header that every message of ours carries; a producer's own request may come without, and is read. */
function isAbout({ headers }: InRecord, requestId: string | undefined): boolean {
  const subject = headers['ce_subject']
  return requestId === undefined || !Buffer.isBuffer(subject) || subject.toString() === requestId
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
  options: Omit<TailOptions, 'onEntry' | 'onPosition' | 'onCrash' | 'from'> & { wanted(entry: LogEntry): boolean },
): Promise<LogEntry[]> {
  const { broker, topics = ours.map(({ name }) => name), wanted } = options
  const lastOf = await lastOffsets(broker, topics)
  const found: LogEntry[] = []
  if (lastOf.size === 0) return found
  const complete = Promise.withResolvers<void>()
  const reading = await tail({
    ...options,
    topics,
    onEntry: (entry) => void (wanted(entry) && found.push(entry)),
    onPosition(at) {
      if (at.offset >= (lastOf.get(placeOf(at)) ?? 0)) lastOf.delete(placeOf(at))
      if (lastOf.size === 0) complete.resolve()
    },
    onCrash: complete.reject,
  })
  try {
    await complete.promise
    return found
  } finally {
    await reading.stop()
  }
}

/** Of every partition that holds records. */
async function lastOffsets(broker: Broker, topics: readonly string[]): Promise<Map<string, number>> {
  const admin = await broker.admin()
  try {
    const all = await Promise.all(topics.map(async (topic) => (await admin.topicOffsets(topic)).map((at) => ({ topic, ...at }))))
    return new Map(
      all
        .flat()
        .filter(({ low, high }) => high > low)
        .map((at) => [placeOf(at), at.high - 1]),
    )
  } finally {
    await admin.close()
  }
}
