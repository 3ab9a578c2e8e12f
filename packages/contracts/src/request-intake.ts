/** From a request to the envelopes of its case. Pure, so that every reader of one record derives the same. */
import { contentHash } from './canonical.ts'
import type { Basis, Envelope } from './envelope.ts'
import { messageId, requestHash, type ConversationId } from './ids.ts'
import type { Request } from './messages/request.ts'

/** A case's time when the producer sets no deadline, in milliseconds. */
export const defaultCaseMs = 60_000

/** What every envelope of one case has in common. */
export type CaseFacts = Pick<
  Envelope,
  'tenantId' | 'requestId' | 'conversationId' | 'customerId' | 'requestHash' | 'request' | 'deadline'
>

/** Who makes a message, from what. */
export interface Making {
  agent: string
  /** Where one maker publishes several nouns, or several messages of one: `replies`, `case-events/7`. Part of the message's id. */
  noun?: string
  version: string
  /** Null when no model was asked. */
  promptVersion?: string | null
  domainVersion: string
  /** Default: that of the envelope before. */
  revision?: number
  basedOn?: readonly Basis[]
  /** Milliseconds since the epoch. */
  now: number
  /** Degradation level; default: that of the envelope before. */
  level?: number
}

/** @param record the request's record: its time is the broker's, milliseconds since the epoch */
export function caseFacts(request: Request, record: { timestamp: number }): CaseFacts {
  const { tenantId, requestId, customerId, text, channel, locale, priority, accessGroups, history, metadata } = request
  return {
    tenantId,
    requestId,
    conversationId: conversationOf(request),
    customerId,
    requestHash: hashOfRequest(request),
    request: { text, channel, locale, priority, accessGroups, history, metadata: sorted(metadata), receivedAt: record.timestamp },
    deadline: request.deadline ?? record.timestamp + defaultCaseMs,
  }
}

/** Avro writes a map in the order that it has: a message that is made again from kept state has its bytes again. */
function sorted<T>(map: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** A request without a conversation is one of its own. */
export function conversationOf(request: Pick<Request, 'conversationId' | 'requestId'>): ConversationId {
  return request.conversationId ?? (request.requestId as string as ConversationId)
}

/** The first envelope that a maker writes for a request: revision 0, level 0 unless told. */
export function openEnvelope(request: Request, record: { timestamp: number }, making: Making): Envelope {
  return nextEnvelope({ ...caseFacts(request, record), revision: 0, level: 0 }, making)
}

/** The envelope of a message that this maker makes for the same case. */
export function nextEnvelope(from: CaseFacts & Pick<Envelope, 'revision' | 'level'>, making: Making): Envelope {
  const { tenantId, requestId, conversationId, customerId, request, deadline } = from
  const revision = making.revision ?? from.revision
  const maker = making.noun === undefined ? making.agent : `${making.agent}/${making.noun}`
  return {
    messageId: messageId({ tenantId, requestId, requestHash: from.requestHash, agent: maker, revision }),
    tenantId,
    requestId,
    conversationId,
    customerId,
    requestHash: from.requestHash,
    request,
    deadline,
    level: making.level ?? from.level,
    revision,
    madeAt: making.now,
    madeBy: {
      agent: making.agent,
      version: making.version,
      promptVersion: making.promptVersion ?? null,
      domainVersion: making.domainVersion,
    },
    basedOn: [...(making.basedOn ?? [])],
  }
}

/**
 * Hash of a message's content, for `basedOn`. The time of making is left out, so that doing the work again gives the same hash.
 */
export function messageHash(message: object): string {
  if (!('envelope' in message) || typeof message.envelope !== 'object') return contentHash(message)
  return contentHash({ ...message, envelope: { ...message.envelope, madeAt: undefined } })
}

/** A message as the basis of another. */
export function basisOf(message: { envelope: Envelope }): Basis {
  return { id: message.envelope.messageId, hash: messageHash(message) }
}

/**
 * Over all that was said and asked. Not over the deadline: a producer that repeats a request and sets its time anew asks for
 * the same thing. Nor over an absent conversation: naming one's own id says nothing new.
 */
function hashOfRequest(request: Request): string {
  return requestHash({ ...request, conversationId: conversationOf(request), deadline: undefined })
}
