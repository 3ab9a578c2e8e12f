import {
  messageHash,
  openEnvelope,
  readHeaders,
  requests,
  type Codec,
  type Envelope,
  type Request,
  type Topic,
} from '@concord/contracts'
import type { InRecord } from '@concord/messaging'
import type { Message } from './work.ts'

/** Rejects with `unreadable` for a record whose value or headers break their contract, and with `registry_unavailable` (retryable). */
export async function readMessage(topic: Topic, record: InRecord, codec: Codec): Promise<Message> {
  readHeaders(record.headers)
  const value = await codec.decode(topic, record.value)
  if (topic.name === requests.name) return fromRequest(topic, value as Request, record)
  const { envelope } = value as { envelope: Envelope }
  return { topic, value, envelope, id: envelope.messageId, hash: messageHash(value as object) }
}

/** A producer's request has no envelope; every reader derives the same one. Its hash is over what was asked. */
function fromRequest(topic: Topic, request: Request, record: InRecord): Message {
  const making = { agent: 'producer', version: '1', domainVersion: 'none', now: record.timestamp }
  const envelope = openEnvelope(request, record, making)
  return { topic, value: request, envelope, id: envelope.messageId, hash: envelope.requestHash }
}
