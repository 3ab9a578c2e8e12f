import { z } from 'zod'
import { contentHash } from '../canonical.ts'
import { Money } from '../claims.ts'
import { Envelope } from '../envelope.ts'
import { long } from '../long.ts'

/** `actions`: a write that the coordinator approved. */
export const Action = z.object({
  envelope: Envelope,
  /** Idempotency key: case, action and subject. The same key with other arguments is refused. */
  key: z.string().min(1).max(300),
  action: z.string().min(1).max(100),
  subject: z.string().min(1).max(200),
  args: z.string().max(4_000),
  amount: Money.nullable().default(null),
  /** The write happens only while the record still has this version. */
  recordVersion: z.string().max(64).nullable().default(null),
  /** `agents` or the reviewer. */
  approvedBy: z.string().min(1).max(128),
  /** Hash over action, subject, args, amount and record version, as approved. */
  approvalHash: z.string().min(1).max(64),
  /** Milliseconds since the epoch. */
  validUntil: long,
})
export type Action = z.infer<typeof Action>

/** What the coordinator approved and the executor compares before it writes. */
export function approvalHash(of: Pick<Action, 'action' | 'subject' | 'args' | 'amount' | 'recordVersion'>): string {
  const { action, subject, args, amount, recordVersion } = of
  return contentHash({ action, subject, args, amount, recordVersion })
}

/** `action-results`: what happened. */
export const ActionResult = z.object({
  envelope: Envelope,
  key: z.string().min(1).max(300),
  action: z.string().min(1).max(100),
  subject: z.string().min(1).max(200),
  /** done · conflict: the record has changed · refused: the back end says no · failed: nobody could say. */
  status: z.enum(['done', 'conflict', 'refused', 'failed']),
  message: z.string().max(1_000),
  recordVersion: z.string().max(64).nullable().default(null),
})
export type ActionResult = z.infer<typeof ActionResult>
