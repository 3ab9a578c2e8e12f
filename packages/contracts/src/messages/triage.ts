import { z } from 'zod'
import { Envelope } from '../envelope.ts'

/** Something the customer named: an order number, an amount, a date. */
export const Entity = z.object({
  kind: z.string().min(1).max(64),
  value: z.string().min(1).max(200),
})
export type Entity = z.infer<typeof Entity>

/** `triage`: what the request is about. */
export const Triage = z.object({
  envelope: Envelope,
  /** An intent of the domain; null when nothing fits. */
  intent: z.string().min(1).max(100).nullable().default(null),
  category: z.string().min(1).max(100),
  entities: z.array(Entity).max(50),
  /** BCP 47 primary tag of the text as it is. */
  language: z.string().min(2).max(35),
  urgency: z.enum(['low', 'normal', 'high']),
  /** Flags of the domain, such as `legal_threat`. */
  riskFlags: z.array(z.string().min(1).max(64)),
  inScope: z.boolean(),
  confidence: z.number().min(0).max(1),
  reason: z.string().max(1_000),
})
export type Triage = z.infer<typeof Triage>
