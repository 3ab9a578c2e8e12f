/** Reads every topic of the constellation with a consumer of its own: kafkajs and the registry's client, nothing of ours. */
import { randomUUID } from 'node:crypto'
import { SchemaRegistry } from '@kafkajs/confluent-schema-registry'
import { Kafka, logLevel, type EachMessagePayload } from 'kafkajs'
import type { Sighting } from '../check/sighting.ts'
import { sight } from './sight.ts'

export interface TopicReader {
  /** Everything seen so far, in the order of reading. */
  readonly sightings: readonly Sighting[]
  /** Reads up to where the topics end now. Rejects when the broker or the registry does not answer; what was read until then is kept. */
  readOn(): Promise<void>
}

export interface TopicReaderOptions {
  brokers: string[]
  registryUrl: string
  isWanted(topic: string): boolean
}

/** A pass that stands still for so long has failed. Milliseconds. */
const stalledMs = 20_000

export function createTopicReader({ brokers, registryUrl, isWanted }: TopicReaderOptions): TopicReader {
  const kafka = new Kafka({ brokers, clientId: 'checker', logLevel: logLevel.NOTHING, connectionTimeout: 5_000 })
  const registry = new SchemaRegistry({ host: registryUrl })
  const sightings: Sighting[] = []
  /** The next offset to be read, by place. */
  const positions = new Map<string, number>()

  const take = async ({ topic, partition, message }: EachMessagePayload): Promise<void> => {
    const place = `${topic}/${partition}`
    if (Number(message.offset) < (positions.get(place) ?? 0)) return
    sightings.push(await sight(registry, { topic, partition }, message))
    positions.set(place, Number(message.offset) + 1)
  }

  return {
    sightings,
    async readOn() {
      const ends = (await endsOf(kafka, isWanted)).filter(({ place, end }) => end > (positions.get(place) ?? 0))
      if (ends.length === 0) return
      const isComplete = () => ends.every(({ place, end }) => (positions.get(place) ?? 0) >= end)
      await readUntil(kafka, { topics: [...new Set(ends.map(({ topic }) => topic))], positions, take, isComplete })
    },
  }
}

async function endsOf(kafka: Kafka, isWanted: (topic: string) => boolean) {
  const admin = kafka.admin()
  await admin.connect()
  try {
    const topics = (await admin.listTopics()).filter(isWanted)
    const all = topics.map(async (topic) =>
      (await admin.fetchTopicOffsets(topic)).map(({ partition, high }) => ({
        topic,
        place: `${topic}/${partition}`,
        end: Number(high),
      })),
    )
    return (await Promise.all(all)).flat()
  } finally {
    await admin.disconnect()
  }
}

interface Pass {
  topics: string[]
  positions: ReadonlyMap<string, number>
  take(payload: EachMessagePayload): Promise<void>
  isComplete(): boolean
}

async function readUntil(kafka: Kafka, { topics, positions, take, isComplete }: Pass): Promise<void> {
  const consumer = kafka.consumer({ groupId: `checker-${randomUUID()}`, maxWaitTimeInMs: 200, retry: { retries: 2 } })
  const complete = Promise.withResolvers<void>()
  const stalled = setTimeout(() => complete.reject(new Error(`reading has stalled for ${stalledMs} ms`)), stalledMs)
  consumer.on(consumer.events.CRASH, ({ payload }) => complete.reject(payload.error))
  try {
    await consumer.connect()
    await consumer.subscribe({ topics, fromBeginning: true })
    await consumer.run({
      autoCommit: false,
      eachMessage: async (payload) => {
        await take(payload)
        stalled.refresh()
        if (isComplete()) complete.resolve()
      },
    })
    for (const [place, offset] of positions) {
      const [topic = '', partition] = place.split('/')
      if (topics.includes(topic)) consumer.seek({ topic, partition: Number(partition), offset: String(offset) })
    }
    await complete.promise
  } finally {
    clearTimeout(stalled)
    await consumer.disconnect().catch(() => undefined)
  }
}
