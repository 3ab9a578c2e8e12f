import { z } from 'zod'
import { Claim } from '../claims.ts'
import { Envelope } from '../envelope.ts'

/** A piece of a document that a claim rests on. */
export const Passage = z.object({
  /** `document@version#chunk`. */
  id: z.string().min(1).max(200),
  document: z.string().min(1).max(100),
  title: z.string().max(200),
  version: z.string().min(1).max(64),
  chunk: z.int32().min(0),
  /** BM25 score: comparable within one retrieval only. */
  score: z.number().min(0),
  text: z.string().max(4_000),
  /** The verbatim part that answers the request; null when only the typed facts do. */
  quote: z.string().max(2_000).nullable().default(null),
})
export type Passage = z.infer<typeof Passage>

/** `knowledge`: what the documents say. */
export const Knowledge = z.object({
  envelope: Envelope,
  claims: z.array(Claim).max(100),
  passages: z.array(Passage).max(20),
  confidence: z.number().min(0).max(1),
})
export type Knowledge = z.infer<typeof Knowledge>
