import type { PartitionCounts } from '../assignment.ts'
import { createClient, promptRetry, type ClientOptions } from './client.ts'
import { brokerFault } from './faults.ts'

/** Partition counts of the cluster's topics, asked for when they are needed and remembered for a while. */
export interface TopicCounts {
  /** Counts in which these topics stand, if they exist. */
  of(topics: Iterable<string>): Promise<PartitionCounts>
}

const maxAgeMs = 60_000
/** A topic that is not there is looked for again, but not for every record. */
const missAgeMs = 500

export function createTopicCounts(options: ClientOptions): TopicCounts {
  let counts: PartitionCounts = new Map()
  let readAt = -Infinity
  let reading: Promise<PartitionCounts> | undefined

  async function read(): Promise<PartitionCounts> {
    try {
      counts = await fetchCounts(options)
      readAt = performance.now()
      return counts
    } finally {
      reading = undefined
    }
  }

  return {
    async of(topics) {
      const age = performance.now() - readAt
      const missing = [...topics].some((topic) => !counts.has(topic))
      if (age < (missing ? missAgeMs : maxAgeMs)) return counts
      reading ??= read()
      return missing ? reading : reading.catch(() => counts)
    },
  }
}

async function fetchCounts(options: ClientOptions): Promise<PartitionCounts> {
  const admin = createClient(options, promptRetry).admin()
  try {
    await admin.connect()
    const { topics } = await admin.fetchTopicMetadata()
    return new Map(topics.map(({ name, partitions }) => [name, partitions.length]))
  } catch (error) {
    throw brokerFault(error, 'the topics cannot be listed')
  } finally {
    await admin.disconnect().catch(() => {})
  }
}
