/** Dead letters as they are read back, and the message that each of them was. */
import type { Headers, InRecord, OutRecord, TopicPartition } from '@concord/messaging'
import { letterHeaders, omittedHeader, replayCount } from '../dead-letter.ts'
import { headerTexts } from '../header-texts.ts'

/** What the headers of a dead letter say of it. */
export interface Letter extends TopicPartition {
  /** Where the letter stands, in short: `requests.v1.triage/0/3`. */
  id: string
  offset: number
  /** When it was written: the broker's time, in milliseconds since the epoch. */
  at: number
  /** The consumer group that gave the message up. */
  group: string
  /** Where the message stands or stood. */
  original: TopicPartition & { offset: number; timestamp: number }
  errorClass: string
  message: string
  stack: string
  retriable: boolean
  attempts: number
  /** Milliseconds since the epoch. */
  firstFailureAt: number
  serviceVersion: string
  /** How often the message had been replayed before it became this letter. */
  replays: number
  /** What did not fit into the letter and is to be read where the message stood. */
  omitted: 'nothing' | 'value' | 'everything'
}

/** @returns null for a record that is no dead letter: a settlement, or what somebody else put there. */
export function readLetter(record: InRecord): Letter | null {
  const { topic, partition, offset, timestamp } = record
  const texts = headerTexts(record.headers)
  const text = (name: (typeof letterHeaders)[number]): string => texts[name] ?? ''
  const number = (name: (typeof letterHeaders)[number]): number => Number(texts[name] ?? Number.NaN)
  const original = {
    topic: text('x-original-topic'),
    partition: number('x-original-partition'),
    offset: number('x-original-offset'),
    timestamp: number('x-original-timestamp'),
  }
  if (original.topic === '' || !Number.isInteger(original.partition) || !Number.isInteger(original.offset)) return null
  const omitted = texts[omittedHeader]
  return {
    id: letterId({ topic, partition, offset }),
    topic,
    partition,
    offset,
    at: timestamp,
    group: text('x-consumer-group'),
    original,
    errorClass: text('x-error-class'),
    message: text('x-error-message'),
    stack: text('x-error-stack'),
    retriable: text('x-error-retriable') === 'true',
    attempts: number('x-attempt'),
    firstFailureAt: number('x-first-failure-at'),
    serviceVersion: text('x-service-version'),
    replays: replayCount(record),
    omitted: omitted === undefined ? 'nothing' : omitted === 'value' ? 'value' : 'everything',
  }
}

/** The headers that the message came with: those of the letter are left out. */
export function ownHeaders(headers: Headers): Headers {
  const ofLetters: readonly string[] = [...letterHeaders, omittedHeader]
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !ofLetters.includes(name)))
}

/**
 * The message of the letter, to be sent again where it came from: key, bytes and headers as they were, and how often it has been replayed.
 * @param record of the letter, or where something was left out of it, the one at `original`
 */
export function replayOf({ original, replays }: Letter, { key, value, headers }: InRecord): OutRecord {
  return {
    topic: original.topic,
    partition: original.partition,
    key,
    value,
    headers: { ...ownHeaders(headers), 'x-replay-count': String(replays + 1) },
  }
}

const prefix = 'concord.'
const suffix = '.dlq'

export function letterId({ topic, partition, offset }: TopicPartition & { offset: number }): string {
  const name = topic.startsWith(prefix) && topic.endsWith(suffix) ? topic.slice(prefix.length, -suffix.length) : topic
  return `${name}/${partition}/${offset}`
}

/** Where a letter of this id stands, in short or in full, or null for what is no id. */
export function placeOfLetter(id: string): (TopicPartition & { offset: number }) | null {
  const [, name = '', partition, offset] = /^([\w.-]+)\/(\d{1,9})\/(\d{1,15})$/.exec(id) ?? []
  if (name === '') return null
  const topic = name.endsWith(suffix) ? name : `${prefix}${name}${suffix}`
  return { topic, partition: Number(partition), offset: Number(offset) }
}
