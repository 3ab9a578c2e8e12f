import { setTimeout as sleep } from 'node:timers/promises'
import { Fault } from '@concord/contracts'
import type { Admin as KafkaAdmin, ITopicConfig } from 'kafkajs'
import type { Admin, TopicSpec } from '../broker.ts'
import { createClient, promptRetry, type ClientOptions } from './client.ts'
import { brokerFault, errorType, isPassing } from './faults.ts'

export async function createKafkaAdmin(options: ClientOptions): Promise<Admin> {
  const admin = createClient(options, promptRetry).admin()
  await calling('the broker cannot be reached', () => admin.connect())
  return {
    createTopics: (specs) => calling('topics cannot be created', () => createMissing(admin, specs)),
    listTopics: () => calling('topics cannot be listed', () => partitionCounts(admin)),
    topicOffsets: (topic) =>
      calling(`the offsets of ${topic} cannot be read`, async () => {
        await checkExists(admin, topic)
        const offsets = await admin.fetchTopicOffsets(topic)
        return offsets.map(({ partition, low, high }) => ({ partition, low: Number(low), high: Number(high) })).sort(byPartition)
      }),
    committed: (group, topic) =>
      calling(`the offsets of ${group} cannot be read`, async () => {
        await checkExists(admin, topic)
        const [found] = await admin.fetchOffsets({ groupId: group, topics: [topic] })
        return (found?.partitions ?? []).map(readCommitted).sort(byPartition)
      }),
    place: (group, topic, offsets) =>
      calling(`the offsets of ${group} cannot be set`, async () => {
        await checkExists(admin, topic)
        const { groups } = await admin.describeGroups([group])
        if (groups.some(({ members }) => members.length > 0)) throw hasMembers(group)
        await admin.setOffsets({
          groupId: group,
          topic,
          partitions: offsets.map(({ partition, offset }) => ({ partition, offset: String(offset) })),
        })
      }),
    close: () => admin.disconnect(),
  }
}

const byPartition = (a: { partition: number }, b: { partition: number }): number => a.partition - b.partition

/** Any negative offset means that there is none. */
function readCommitted(found: { partition: number; offset: string; metadata: string | null }) {
  return { partition: found.partition, offset: Math.max(-1, Number(found.offset)), metadata: found.metadata ?? '' }
}

export function hasMembers(group: string): Fault {
  return new Fault('fenced', `the group ${group} has members.`, { mend: 'Stop them first.' })
}

async function partitionCounts(admin: KafkaAdmin): Promise<Map<string, number>> {
  const { topics } = await admin.fetchTopicMetadata()
  return new Map(topics.filter(({ name }) => !name.startsWith('__')).map(({ name, partitions }) => [name, partitions.length]))
}

async function createMissing(admin: KafkaAdmin, specs: TopicSpec[]): Promise<string[]> {
  const existing = await partitionCounts(admin)
  const created: string[] = []
  for (const spec of specs.filter(({ topic }) => !existing.has(topic))) {
    const configEntries = Object.entries(spec.config ?? {}).map(([name, value]) => ({ name, value }))
    const topic = { topic: spec.topic, numPartitions: spec.partitions, replicationFactor: spec.replicas ?? -1, configEntries }
    if (await createOne(admin, topic)) created.push(spec.topic)
  }
  return created
}

/** @returns whether it was missing. A broker that has created a topic may not know of it at once when asked for its leaders. */
async function createOne(admin: KafkaAdmin, topic: ITopicConfig): Promise<boolean> {
  for (let attempt = 1, began = false; ; attempt++) {
    try {
      const made = await admin.createTopics({ topics: [topic], waitForLeaders: true })
      if (began) await admin.fetchTopicOffsets(topic.topic)
      return made || began
    } catch (error) {
      if (!notYetKnown.has(errorType(error) ?? '') || attempt === 10) throw error
      began = true
      await sleep(100 * attempt)
    }
  }
}

const notYetKnown = new Set(['UNKNOWN_TOPIC_OR_PARTITION', 'LEADER_NOT_AVAILABLE', 'NOT_LEADER_FOR_PARTITION'])

async function checkExists(admin: KafkaAdmin, topic: string): Promise<void> {
  const topics = await admin.listTopics()
  if (topics.includes(topic)) return
  throw new Fault('not_found', `the topic ${topic} does not exist.`, { mend: 'Run: concord topics apply.' })
}

/** Repeats what a coordinator that is still loading refuses. */
async function calling<T>(doing: string, call: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call()
    } catch (error) {
      if (!isPassing(error) || errorType(error) === undefined || attempt === 10) throw brokerFault(error, doing)
      await sleep(100 * attempt)
    }
  }
}
