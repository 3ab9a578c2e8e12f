import { z } from 'zod'
import { ConversationId, CustomerId, MessageId, RequestId, TenantId } from './ids.ts'
import { long } from './long.ts'

/** The limits on what a producer may send; every one is tested. */
export const requestLimits = { textChars: 20_000, historyTurns: 50, accessGroups: 50, metadataEntries: 50 } as const

// oxlint-disable-next-line no-control-regex -- these are the characters to be refused
const controlCharacters = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/

export const customerText = z
  .string()
  .max(requestLimits.textChars)
  .refine((text) => text.trim().length > 0, 'the text is empty')
  .refine((text) => !controlCharacters.test(text), 'the text holds control characters')
  .refine((text) => text.isWellFormed(), 'the text is not valid Unicode')

/** One earlier turn of the conversation. */
export const Turn = z.object({
  role: z.enum(['customer', 'agent']),
  text: z.string().max(requestLimits.textChars),
  /** Milliseconds since the epoch. */
  at: long.nullable().default(null),
})
export type Turn = z.infer<typeof Turn>

export const priorities = ['low', 'normal', 'high', 'urgent'] as const

/** What was asked, carried along so that no agent needs the `requests` topic. */
export const RequestSnapshot = z.object({
  /** As sent, also where it broke the rules for a request: a rejection carries it too. */
  text: z.string().max(requestLimits.textChars),
  channel: z.string().min(1).max(64),
  /** BCP 47, as the producer believes it. */
  locale: z.string().min(2).max(35),
  priority: z.enum(priorities),
  accessGroups: z.array(z.string().min(1).max(64)).max(requestLimits.accessGroups),
  history: z.array(Turn).max(requestLimits.historyTurns),
  metadata: z.record(z.string().max(64), z.string().max(2_000)),
  /** Milliseconds since the epoch: the broker's time of the request's record. */
  receivedAt: long,
})
export type RequestSnapshot = z.infer<typeof RequestSnapshot>

/** A message or claim that an output assumed, by id and by content. */
export const Basis = z.object({ id: z.string().min(1).max(200), hash: z.string().min(1).max(64) })
export type Basis = z.infer<typeof Basis>

export const MadeBy = z.object({
  agent: z.string().min(1).max(64),
  version: z.string().min(1).max(64),
  promptVersion: z.string().max(64).nullable().default(null),
  domainVersion: z.string().min(1).max(64),
})
export type MadeBy = z.infer<typeof MadeBy>

/** Stands in every message but the producer's own. */
export const Envelope = z.object({
  messageId: MessageId,
  tenantId: TenantId,
  requestId: RequestId,
  conversationId: ConversationId,
  customerId: CustomerId.nullable().default(null),
  requestHash: z.string().min(1).max(64),
  request: RequestSnapshot,
  /** The case's absolute deadline, milliseconds since the epoch. */
  deadline: long,
  /** Degradation level at which the message was made, 0 to 3. */
  level: z.int32().min(0).max(3),
  /** 0 for the first pass, one more with each rework or revision. */
  revision: z.int32().min(0),
  /** Milliseconds since the epoch. */
  madeAt: long,
  madeBy: MadeBy,
  basedOn: z.array(Basis),
})
export type Envelope = z.infer<typeof Envelope>
