import type { TopicPartition, TopicSpec } from '../broker.ts'
import { createLog, type Log } from './log.ts'

/** The topics of a broker and their partitions. */
export interface Topics {
  create(spec: TopicSpec): boolean
  logs(topic: string): Log[] | undefined
  log(at: TopicPartition): Log | undefined
  counts(): Map<string, number>
}

export function createTopics(): Topics {
  const logsByTopic = new Map<string, Log[]>()
  return {
    create({ topic, partitions }) {
      if (logsByTopic.has(topic)) return false
      logsByTopic.set(
        topic,
        Array.from({ length: partitions }, (_, partition) => createLog(topic, partition)),
      )
      return true
    },
    logs: (topic) => logsByTopic.get(topic),
    log: ({ topic, partition }) => logsByTopic.get(topic)?.[partition],
    counts: () => new Map([...logsByTopic].map(([topic, logs]) => [topic, logs.length])),
  }
}
