import { z } from 'zod'
import { Claim, Money } from '../claims.ts'
import { Envelope } from '../envelope.ts'

/** `text.slice(start, end)` rests on the claim. */
export const Citation = z.object({
  start: z.int32().min(0),
  end: z.int32().min(0),
  claim: z.string().min(1).max(200),
  /** What a reader can look up: the article's title and version, or the rule. */
  source: z.string().min(1).max(300),
})
export type Citation = z.infer<typeof Citation>

/** A promise that the text makes. */
export const Commitment = z.object({
  action: z.string().min(1).max(100),
  subject: z.string().min(1).max(200),
  amount: Money.nullable().default(null),
  /** ISO 8601 date by which it is promised. */
  due: z.string().max(40).nullable().default(null),
})
export type Commitment = z.infer<typeof Commitment>

/** `drafts`: the reply as the response agent would send it. */
export const Draft = z.object({
  envelope: Envelope,
  text: z.string().min(1).max(8_000),
  citations: z.array(Citation).max(100),
  commitments: z.array(Commitment).max(50),
  /** Claims that the text makes beyond those of the brief. */
  claims: z.array(Claim).max(100),
  /** Ids of the obligations that the text meets. */
  obligationsMet: z.array(z.string().max(100)).max(50),
  confidence: z.number().min(0).max(1),
})
export type Draft = z.infer<typeof Draft>
