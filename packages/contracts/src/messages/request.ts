import { z } from 'zod'
import { customerText, priorities, requestLimits, Turn } from '../envelope.ts'
import { ConversationId, CustomerId, RequestId, TenantId } from '../ids.ts'
import { long } from '../long.ts'

/** `requests`: what a producer publishes. */
export const Request = z.object({
  tenantId: TenantId,
  requestId: RequestId,
  /** Absent: the request is a conversation of its own. */
  conversationId: ConversationId.nullable().default(null),
  customerId: CustomerId.nullable().default(null),
  text: customerText,
  channel: z.string().min(1).max(64).default('api'),
  locale: z.string().min(2).max(35).default('en'),
  priority: z.enum(priorities).default('normal'),
  accessGroups: z.array(z.string().min(1).max(64)).max(requestLimits.accessGroups).default(['public']),
  /** Absolute, milliseconds since the epoch; absent: 60 s after the record's time. */
  deadline: long.nullable().default(null),
  history: z.array(Turn).max(requestLimits.historyTurns).default([]),
  metadata: z.record(z.string().max(64), z.string().max(2_000)).default({}),
})
export type Request = z.infer<typeof Request>
