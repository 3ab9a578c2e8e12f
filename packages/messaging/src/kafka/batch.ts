import type { RecordMetadata, TopicMessages } from 'kafkajs'
import type { OutRecord } from '../broker.ts'

/** A record whose partition is decided. */
export type PlacedRecord = OutRecord & { partition: number }

/** The records of one call, or of a part of one that is too big to go at once. */
export interface Parcel {
  records: PlacedRecord[]
  bytes: number
  resolve: () => void
  reject: (error: unknown) => void
}

/** Takes parcels from the head of the queue as long as they fit; one at least. */
export function takeParcels(queue: Parcel[], maxBytes: number): Parcel[] {
  let bytes = 0
  let count = 0
  for (const parcel of queue) {
    if (count > 0 && bytes + parcel.bytes > maxBytes) break
    bytes += parcel.bytes
    count++
  }
  return queue.splice(0, count)
}

/** Cuts records into runs that fit, in order. */
export function cut<T>(records: T[], bytesOf: (record: T) => number, maxBytes: number): T[][] {
  const runs: T[][] = []
  let bytes = Infinity
  for (const record of records) {
    const size = bytesOf(record)
    if (bytes + size > maxBytes) {
      runs.push([])
      bytes = 0
    }
    runs.at(-1)?.push(record)
    bytes += size
  }
  return runs
}

export function topicMessages(records: PlacedRecord[]): TopicMessages[] {
  const byTopic = Map.groupBy(records, (record) => record.topic)
  return [...byTopic].map(([topic, ofTopic]) => ({
    topic,
    messages: ofTopic.map(({ partition, key, value, headers }) => ({ partition, key, value, headers })),
  }))
}

/**
 * The records that no broker has acknowledged. When a partition's leader moves between two attempts, kafkajs may take the new leader's
 * earlier answer, which was about other partitions, for an answer about this one.
 */
export function unacknowledged(records: PlacedRecord[], answers: RecordMetadata[]): PlacedRecord[] {
  const acknowledged = new Set(answers.map(({ topicName, partition }) => `${topicName}/${partition}`))
  return records.filter(({ topic, partition }) => !acknowledged.has(`${topic}/${partition}`))
}
