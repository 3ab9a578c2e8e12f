/** A dead letter as an operator sees it: whose it is, why it was given up, and what has become of it. */
import { deriveTraceId, isTraceparent, topicByName, traceIdOf, type Codec, type Topic } from '@concord/contracts'
import type { InRecord } from '@concord/messaging'
import { readLetter, type Letter, type Settlement } from '@concord/runtime'
import { masked } from '@concord/telemetry'
import { z } from 'zod'

export interface DeadLetter extends Omit<Letter, 'stack'> {
  /** The partition key, where it is text. */
  key: string | null
  /** As the key, the headers or the message say; unproved where the message cannot be read. */
  tenantId: string | null
  conversationId: string | null
  requestId: string | null
  traceId: string | null
  /** Of the message's value; null where it has none. */
  bytes: number | null
  /** Oldest first; none while the letter is open. */
  settlements: Settlement[]
}

/** The topic with the rules of its schema left out: what Avro can read is shown, whatever else is wrong with it. */
export const unchecked = (topic: Topic): Topic => ({ ...topic, schema: z.unknown() })

/** @returns null for a record that is no dead letter. */
export async function readDeadLetter(codec: Codec, record: InRecord): Promise<DeadLetter | null> {
  const letter = readLetter(record)
  if (letter === null) return null
  const { stack: _, ...said } = letter
  const key = record.key?.toString('utf8') ?? null
  const named = headerText(record, 'ce_subject') ?? (await requestIdIn(codec, letter, record))
  const [, tenantId = null, conversationId = null] = /^([^:]+):(.+)$/s.exec(key ?? '') ?? []
  return {
    ...said,
    message: letter.errorClass === 'internal' ? masked(letter.message) : letter.message,
    key,
    tenantId,
    conversationId,
    requestId: named,
    traceId: traceIdIn(record, tenantId, named),
    bytes: record.value?.length ?? null,
    settlements: [],
  }
}

export function headerText({ headers }: InRecord, name: string): string | null {
  const value = headers[name]
  return Buffer.isBuffer(value) ? value.toString('utf8') : null
}

/** A producer's own request may come without headers: its value says whose it is, if it can be read at all. */
async function requestIdIn(codec: Codec, { original }: Letter, { value }: InRecord): Promise<string | null> {
  const topic = topicByName(original.topic)
  if (topic === undefined || value === null) return null
  try {
    const message = (await codec.decode(unchecked(topic), value)) as { requestId?: unknown }
    return typeof message.requestId === 'string' && message.requestId !== '' ? message.requestId : null
  } catch {
    return null
  }
}

function traceIdIn(record: InRecord, tenantId: string | null, requestId: string | null): string | null {
  const traceparent = headerText(record, 'traceparent')
  if (traceparent !== null && isTraceparent(traceparent)) return traceIdOf({ traceparent })
  return tenantId === null || requestId === null ? null : deriveTraceId({ tenantId, requestId })
}
