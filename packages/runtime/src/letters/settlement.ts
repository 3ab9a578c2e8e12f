/**
 * What became of a dead letter, as a record behind it on its own topic: Kafka remembers it, as long as the letter and longer.
 */
import type { InRecord, OutRecord, TopicPartition } from '@concord/messaging'
import { headerTexts } from '../header-texts.ts'

export const settlements = ['replayed', 'discarded'] as const

export interface Settlement {
  action: (typeof settlements)[number]
  /** Of the letter, on the same partition. */
  offset: number
  /** Who decided it. */
  by: string
  /** Why, in their words; empty where nothing was said. */
  reason: string
  /** The broker's time, in milliseconds since the epoch. */
  at: number
}

export function settlementRecord(
  { topic, partition, offset }: TopicPartition & { offset: number },
  { action, by, reason }: Pick<Settlement, 'action' | 'by' | 'reason'>,
): OutRecord {
  const headers = { 'x-letter-action': action, 'x-letter-offset': String(offset), 'x-letter-by': by, 'x-letter-reason': reason }
  return { topic, partition, key: null, value: null, headers }
}

/** @returns null for a record that is no settlement. */
export function readSettlement({ headers, timestamp }: InRecord): Settlement | null {
  const texts = headerTexts(headers)
  const action = settlements.find((known) => known === texts['x-letter-action'])
  const offset = texts['x-letter-offset'] ?? ''
  if (action === undefined || !/^\d{1,15}$/.test(offset)) return null
  const { 'x-letter-by': by = '', 'x-letter-reason': reason = '' } = texts
  return { action, offset: Number(offset), by, reason, at: timestamp }
}
