import { z } from 'zod'
import { Envelope } from '../envelope.ts'
import { Finding } from '../findings.ts'
import { Citation } from './draft.ts'

export const outcomes = ['answered', 'declined', 'expired', 'rejected'] as const
export type Outcome = (typeof outcomes)[number]

/** A write that was carried out for the customer. */
export const CarriedOut = z.object({ action: z.string().max(100), subject: z.string().max(200), key: z.string().max(200) })
export type CarriedOut = z.infer<typeof CarriedOut>

/** `replies`: the outcome of a request, or before it the notice `escalated`. */
export const Reply = z.object({
  envelope: Envelope,
  outcome: z.enum([...outcomes, 'escalated']),
  text: z.string().max(8_000).nullable().default(null),
  /** Why, as a code: `agreed`, `forbidden`, `out_of_scope`, `deadline_exceeded`, `unreadable`, … */
  reason: z.string().min(1).max(64),
  /** For outcomes without an answer: what is wrong and what mends it. */
  error: z.string().max(1_000).nullable().default(null),
  citations: z.array(Citation).max(100),
  /** Actions that were carried out before this reply. */
  actions: z.array(CarriedOut).max(20),
  conflicts: z.array(Finding).max(100),
  /** Tells the customer that a machine wrote it; null when a person did. */
  disclosure: z.string().max(500).nullable().default(null),
  /** `agents`, `rules`, or the reviewer. */
  decidedBy: z.string().min(1).max(128),
})
export type Reply = z.infer<typeof Reply>
