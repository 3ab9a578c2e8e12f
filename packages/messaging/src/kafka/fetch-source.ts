import { createRequire } from 'node:module'
import { Fault } from '@concord/contracts'
import type { Batch } from 'kafkajs'
import type { InRecord, TopicPartition } from '../broker.ts'
import { noPartition } from '../no-partition.ts'
import { createAssigner } from './assigner.ts'
import { createClient, promptRetry, type ClientOptions } from './client.ts'
import type { Cluster, FetchedPartition } from './cluster.ts'
import { toRecords } from './feed.ts'
import { errorType } from './faults.ts'

/** Fetches from partitions without a group. */
export interface FetchSource {
  bounds(at: TopicPartition): Promise<{ low: number; high: number }>
  /**
   * The records from `position` on. `next` is the offset after the last one that was looked at, or `position` when there was none; `readable` is
   * how far the partition may be read now.
   */
  fetch(at: TopicPartition, position: number, maxBytes: number): Promise<{ records: InRecord[]; next: number; readable: number }>
  close(): Promise<void>
}

const readCommitted = 1
/** Milliseconds; there is something to read, so nothing waits that long. */
const maxWait = 50

const ClientBatch = createRequire(import.meta.url)('kafkajs/src/consumer/batch') as new (
  topic: string,
  fetchedOffset: string,
  data: FetchedPartition,
) => Batch

/** Connects on first use. The client is a consumer that never joins: only consumers leave aborted records out. */
export function createFetchSource(options: ClientOptions): FetchSource {
  let cluster: Cluster | undefined
  const consumer = createClient(options, promptRetry).consumer({
    groupId: `${options.clientId}-reads-without-a-group`,
    partitionAssigners: [createAssigner('spread', (found) => (cluster = found))],
    allowAutoTopicCreation: false,
  })
  let connected: Promise<Cluster> | undefined

  async function connect(): Promise<Cluster> {
    await consumer.connect()
    if (cluster === undefined) throw new Fault('internal', 'the client has not shown its cluster.')
    return cluster
  }

  const underWay = new Set<Promise<unknown>>()
  let closed = false

  /** Asks again with fresh knowledge of the leaders next time, whatever has failed; but not what `close` has cut off. */
  async function ask<T>(question: (cluster: Cluster) => Promise<T>): Promise<T> {
    const found = await connectedCluster()
    try {
      return await question(found)
    } catch (error) {
      const known = error instanceof Fault || errorType(error) === 'UNKNOWN_TOPIC_OR_PARTITION'
      if (!known && !closed) await found.refreshMetadata().catch(() => {})
      throw error
    }
  }

  function tracked<T>(call: Promise<T>): Promise<T> {
    underWay.add(call)
    const forget = (): void => void underWay.delete(call)
    call.then(forget, forget)
    return call
  }

  async function connectedCluster(): Promise<Cluster> {
    if (closed) throw new Fault('aborted', 'the read has ended.')
    connected ??= connect()
    try {
      return await connected
    } catch (error) {
      connected = undefined
      throw error
    }
  }

  return {
    bounds: (at) => tracked(ask((found) => boundsOf(found, at))),
    fetch: (at, position, maxBytes) => tracked(ask((found) => fetchFrom(found, at, position, maxBytes))),
    async close() {
      closed = true
      await connected?.catch(() => {})
      await consumer.disconnect().catch(() => {})
      if (underWay.size === 0) return
      await Promise.allSettled(underWay)
      await consumer.disconnect().catch(() => {}) // one of them may have connected anew
    },
  }
}

async function boundsOf(cluster: Cluster, at: TopicPartition): Promise<{ low: number; high: number }> {
  await leaderOf(cluster, at)
  const [low, high] = await Promise.all([offsetOf(cluster, at, true), offsetOf(cluster, at, false)])
  return { low, high }
}

async function fetchFrom(cluster: Cluster, at: TopicPartition, position: number, maxBytes: number) {
  const broker = await cluster.findBroker({ nodeId: await leaderOf(cluster, at) })
  const wanted = { partition: at.partition, fetchOffset: `${position}`, maxBytes }
  const topics = [{ topic: at.topic, partitions: [wanted] }]
  const { responses } = await broker.fetch({ isolationLevel: readCommitted, maxWaitTime: maxWait, minBytes: 1, maxBytes, topics })
  return readAnswer(at, position, responses[0]?.partitions[0])
}

function readAnswer({ topic }: TopicPartition, position: number, data: FetchedPartition | undefined) {
  if (data === undefined) return { records: [], next: position, readable: -1 } // a broker that holds a client back answers so
  const records = toRecords(new ClientBatch(topic, `${position}`, data))
  const last = Number(data.messages.at(-1)?.offset ?? -1)
  return { records, next: Math.max(position, last + 1), readable: Number(data.lastStableOffset) }
}

async function leaderOf(cluster: Cluster, at: TopicPartition): Promise<string> {
  await cluster.addMultipleTargetTopics([at.topic])
  const found = cluster.findTopicPartitionMetadata(at.topic).find(({ partitionId }) => partitionId === at.partition)
  if (found === undefined) throw noPartition(at)
  return `${found.leader}`
}

async function offsetOf(cluster: Cluster, { topic, partition }: TopicPartition, fromBeginning: boolean): Promise<number> {
  const [found] = await cluster.fetchTopicsOffset([{ topic, fromBeginning, partitions: [{ partition }] }])
  const offset = found?.partitions[0]?.offset
  if (offset === undefined) throw new Fault('broker_unavailable', `${topic}/${partition} has no leader.`, { retryable: true })
  return Number(offset)
}
