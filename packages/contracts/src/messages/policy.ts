import { z } from 'zod'
import { Claim, ClaimValue, Money } from '../claims.ts'
import { Envelope } from '../envelope.ts'
import { long } from '../long.ts'

/** Something that must be said or done when the action is promised. */
export const Obligation = z.object({
  id: z.string().min(1).max(100),
  /** What the reply must tell the customer. */
  text: z.string().min(1).max(1_000),
})
export type Obligation = z.infer<typeof Obligation>

/** What a read tool answered; `data` is the JSON body, personal data included, so it is never logged. */
export const ToolResult = z.object({
  id: z.string().min(1).max(200),
  tool: z.string().min(1).max(100),
  /** The arguments as canonical JSON. */
  args: z.string().max(4_000),
  status: z.enum(['found', 'not_found', 'denied']),
  data: z.string().max(32_000),
  recordVersion: z.string().max(64).nullable().default(null),
  /** Milliseconds since the epoch. */
  at: long,
})
export type ToolResult = z.infer<typeof ToolResult>

export const effects = ['permit', 'forbid', 'needs_approval'] as const

/** A ruling on one action for one subject. */
export const Verdict = z.object({
  id: z.string().min(1).max(200),
  action: z.string().min(1).max(100),
  subject: z.string().min(1).max(200),
  effect: z.enum(effects),
  /** The rule that decided. */
  rule: z.string().min(1).max(100),
  /** A sentence for the customer. */
  reason: z.string().min(1).max(1_000),
  /** Whether the customer asked for this action; otherwise the request could merely mean it. */
  requested: z.boolean(),
  amount: Money.nullable().default(null),
  limit: ClaimValue.nullable().default(null),
  obligations: z.array(Obligation).max(20),
  /** The arguments of the write as canonical JSON. */
  args: z.string().max(4_000),
  /** Version of the record that the verdict saw; the write is conditional on it. */
  recordVersion: z.string().max(64).nullable().default(null),
  /** Ids of the tool results that the verdict rests on. */
  toolResults: z.array(z.string().max(200)).max(20),
  validUntil: long.nullable().default(null),
})
export type Verdict = z.infer<typeof Verdict>

/** `policy`: what is allowed. */
export const Policy = z.object({
  envelope: Envelope,
  claims: z.array(Claim).max(100),
  verdicts: z.array(Verdict).max(50),
  toolResults: z.array(ToolResult).max(50),
  /** What the request lacks before an action can be ruled on: `order`. */
  missing: z.array(z.string().max(64)).max(20),
  confidence: z.number().min(0).max(1),
})
export type Policy = z.infer<typeof Policy>
