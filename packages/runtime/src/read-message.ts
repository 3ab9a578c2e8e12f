import {
  Fault,
  messageHash,
  openEnvelope,
  partitionKey,
  readHeaders,
  requests,
  type Codec,
  type Envelope,
  type Request,
  type Topic,
} from '@concord/contracts'
import type { InRecord } from '@concord/messaging'
import type { Message } from './work.ts'

/** Rejects with `unreadable` for a record whose key, value or headers break their contract, and with `registry_unavailable` (retryable). */
export async function readMessage(topic: Topic, record: InRecord, codec: Codec): Promise<Message> {
  readHeaders(record.headers)
  const value = await codec.decode(topic, record.value)
  const message = topic.name === requests.name ? fromRequest(topic, value as Request, record) : fromAgent(topic, value as Answer)
  checkKey(record, message.envelope)
  return message
}

type Answer = { envelope: Envelope }

function fromAgent(topic: Topic, value: Answer): Message {
  const { envelope } = value
  return { topic, value, envelope, id: envelope.messageId, hash: messageHash(value) }
}

/** Order within a conversation, and one writer for each case, rest on every message of it having one key. */
function checkKey({ key }: InRecord, envelope: Envelope): void {
  if (key?.equals(Buffer.from(partitionKey(envelope))) === true) return
  const what = key === null ? 'the record has no key' : 'the key of the record is not that of its tenant and conversation'
  throw new Fault('unreadable', `${what}.`, { mend: 'Give it the key <tenantId>:<conversationId>, or <tenantId>:<requestId>.' })
}

/** A producer's request has no envelope; every reader derives the same one. Its hash is over what was asked. */
function fromRequest(topic: Topic, request: Request, record: InRecord): Message {
  const making = { agent: 'producer', version: '1', domainVersion: 'none', now: record.timestamp }
  const envelope = openEnvelope(request, record, making)
  return { topic, value: request, envelope, id: envelope.messageId, hash: envelope.requestHash }
}
