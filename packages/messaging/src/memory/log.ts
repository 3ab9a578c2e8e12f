import type { InRecord, TopicPartition } from '../broker.ts'

/** One partition: an append-only list of records. */
export interface Log extends TopicPartition {
  append(record: Omit<InRecord, 'topic' | 'partition' | 'offset'>): void
  /** At most `max` records from offset `from` on. */
  read(from: number, max: number): InRecord[]
  low(): number
  high(): number
  /** Calls `wake` after every append. The returned function ends that. */
  watch(wake: () => void): () => void
}

export function createLog(topic: string, partition: number): Log {
  const records: InRecord[] = []
  const watchers = new Set<() => void>()
  return {
    topic,
    partition,
    append(record) {
      records.push(Object.freeze({ ...record, topic, partition, offset: records.length }))
      for (const wake of watchers) wake()
    },
    read: (from, max) => records.slice(from, from + max),
    low: () => 0,
    high: () => records.length,
    watch(wake) {
      watchers.add(wake)
      return () => void watchers.delete(wake)
    },
  }
}
