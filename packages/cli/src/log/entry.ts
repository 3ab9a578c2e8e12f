/** One message as it lies on a topic, decoded: what traces, waits and records are made of. */
import { Fault, readHeaders, topicByName, traceIdOf, traceOf, type Codec } from '@concord/contracts'
import type { InRecord } from '@concord/messaging'

export interface LogEntry {
  /** The topic's noun: `replies`. */
  noun: string
  topic: string
  partition: number
  offset: number
  /** The broker's time, milliseconds since the epoch. */
  timestamp: number
  tenantId: string
  requestId: string
  traceId: string
  headers: Record<string, string>
  value: Record<string, unknown>
}

/** @returns null for a record that is none of ours or cannot be read: its reader has said so on its dead-letter topic. */
export async function readEntry(codec: Codec, record: InRecord): Promise<LogEntry | null> {
  const topic = topicByName(record.topic)
  if (topic === undefined) return null
  try {
    const value = (await codec.decode(topic, record.value)) as Record<string, unknown>
    const headers = readHeaders(record.headers)
    const owner = ownerOf(value)
    const { partition, offset, timestamp } = record
    const traceId = traceIdOf(traceOf(headers, owner))
    return { noun: topic.noun, topic: topic.name, partition, offset, timestamp, ...owner, traceId, headers, value }
  } catch (error) {
    if (Fault.from(error).code === 'unreadable') return null
    throw error
  }
}

/** Every message but the producer's own names its case in the envelope. */
function ownerOf(value: Record<string, unknown>): { tenantId: string; requestId: string } {
  const named = (value['envelope'] ?? value) as { tenantId: string; requestId: string }
  return { tenantId: named.tenantId, requestId: named.requestId }
}
