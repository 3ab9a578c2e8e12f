import { z } from 'zod'
import { Claim } from '../claims.ts'
import { Envelope } from '../envelope.ts'
import { Passage } from './knowledge.ts'
import { Obligation, Verdict } from './policy.ts'

/** What is wrong with a draft and what must change; never how to phrase it. */
export const Objection = z.object({
  /** The finding's id. */
  id: z.string().min(1).max(200),
  statement: z.string().min(1).max(2_000),
  /** Ids of claims, or actions, that the draft must not use again. */
  remove: z.array(z.string().max(200)).max(50),
})
export type Objection = z.infer<typeof Objection>

/** `briefs`: what may be said. */
export const Brief = z.object({
  envelope: Envelope,
  /** The outcome that the reply will have if it passes. */
  outcome: z.enum(['answered', 'declined']),
  intent: z.string().max(100).nullable().default(null),
  language: z.string().min(2).max(35),
  claims: z.array(Claim).max(200),
  passages: z.array(Passage).max(20),
  /** Actions that may be promised. */
  permitted: z.array(Verdict).max(50),
  /** Actions that must not be promised, with the reasons to give. */
  forbidden: z.array(Verdict).max(50),
  obligations: z.array(Obligation).max(50),
  /** What to ask the customer for. */
  missing: z.array(z.string().max(64)).max(20),
  objections: z.array(Objection).max(50),
})
export type Brief = z.infer<typeof Brief>
