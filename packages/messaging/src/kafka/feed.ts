import type { InRecord, TopicPartition } from '../broker.ts'
import type { Batch, IHeaders, KafkaMessage } from 'kafkajs'

/** What has been handed over of one assigned partition, and what comes next. */
export interface Feed extends TopicPartition {
  /** The offset to read next. */
  position: number
  /** Its owner is ready for records. */
  open: boolean
  /** Paused by its owner. */
  paused: boolean
  /** A batch came that does not start at `position`, and the client was told to go there. */
  sought: boolean
}

export function createFeed({ topic, partition }: TopicPartition, start: number): Feed {
  return { topic, partition, position: start, open: false, paused: false, sought: false }
}

/**
 * Whether a fetched batch goes on where the last one ended. One that was fetched before a rebalance does not, and handing it over would leave
 * records out. If it happens again after a seek to the position, the log no longer has that position: then it is the batch that is right.
 */
export function checkStart(feed: Feed, batch: Batch): 'next' | 'elsewhere' | 'moved' {
  const { fetchedOffset } = batch as Batch & { fetchedOffset: string }
  if (Number(fetchedOffset) === feed.position) {
    feed.sought = false
    return 'next'
  }
  if (feed.sought) {
    feed.sought = false
    return 'moved'
  }
  feed.sought = true
  return 'elsewhere'
}

export function toRecords({ topic, partition, messages }: Batch): InRecord[] {
  return messages.map((message) => toRecord(topic, partition, message))
}

function toRecord(topic: string, partition: number, message: KafkaMessage): InRecord {
  return {
    topic,
    partition,
    offset: Number(message.offset),
    key: message.key,
    value: message.value,
    headers: headerBuffers(message.headers ?? {}),
    timestamp: Number(message.timestamp),
  }
}

function headerBuffers(headers: IHeaders): InRecord['headers'] {
  // Kafka allows a header without a value, whatever the client's types say.
  const toBuffer = (value: string | Buffer | null): Buffer => (Buffer.isBuffer(value) ? value : Buffer.from(value ?? ''))
  return Object.fromEntries(
    Object.entries(headers)
      .filter((entry): entry is [string, NonNullable<IHeaders[string]>] => entry[1] !== undefined)
      .map(([name, value]) => [name, Array.isArray(value) ? value.map(toBuffer) : toBuffer(value)]),
  )
}
