import { createHash } from 'node:crypto'
import { z } from 'zod'
import { contentHash } from './canonical.ts'

const identifier = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[^\p{Cc}\s]+$/u, 'an identifier holds no white space and no control characters')

/** Who the customer of this installation is; one deployment may serve several. */
export const TenantId = identifier(64)
  .regex(/^[^:/]+$/, 'a tenant id holds no colon and no slash, which part it from what follows in keys')
  .brand('TenantId')
export type TenantId = z.infer<typeof TenantId>
/** The producer's own id. One request is one case. */
export const RequestId = identifier(128).brand('RequestId')
export type RequestId = z.infer<typeof RequestId>
export const ConversationId = identifier(128).brand('ConversationId')
export type ConversationId = z.infer<typeof ConversationId>
export const CustomerId = identifier(128).brand('CustomerId')
export type CustomerId = z.infer<typeof CustomerId>
export const MessageId = identifier(128).brand('MessageId')
export type MessageId = z.infer<typeof MessageId>

/** What a message id is derived from: doing the work again gives the same id. */
export interface MessageOrigin {
  tenantId: TenantId
  requestId: RequestId
  requestHash: string
  /** The maker, and where one maker publishes several nouns, the noun: `coordinator/replies`. */
  agent: string
  revision: number
}

export function messageId(origin: MessageOrigin): MessageId {
  const { tenantId, requestId, requestHash, agent, revision } = origin
  const digest = createHash('sha256').update([tenantId, requestId, requestHash, agent, revision].join('\n')).digest('hex')
  return digest.slice(0, 32) as MessageId
}

/** Kafka's partition key: one conversation, one partition, one order. */
export function partitionKey(of: { tenantId: TenantId; conversationId: ConversationId }): string {
  return `${of.tenantId}:${of.conversationId}`
}

/** Key of a case in the store: the tenant's request, whatever its content. */
export function caseKey(of: { tenantId: TenantId; requestId: RequestId }): string {
  return `${of.tenantId}/${of.requestId}`
}

/** Hash over all that the producer said; a repeat with another hash is another content under the same id. */
export function requestHash(content: unknown): string {
  return contentHash(content)
}
