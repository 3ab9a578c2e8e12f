import { z } from 'zod'
import { Basis, Envelope } from '../envelope.ts'
import { long } from '../long.ts'

/** `case-events`: one step of a case and its reason; the case's state is the fold of them. */
export const CaseEvent = z.object({
  envelope: Envelope,
  /** One more with each event of the case. */
  caseVersion: long.min(0),
  event: z.string().min(1).max(64),
  /** The state after it. */
  status: z.string().min(1).max(64),
  /** A sentence. */
  reason: z.string().max(2_000),
  /** Which messages led to it. */
  inputs: z.array(Basis).max(100),
  /** The event in full, as canonical JSON. */
  data: z.string().max(900_000),
  /** What it publishes, in full, as canonical JSON: `[{ topic, value }]`. */
  outputs: z.string().max(900_000),
  /** What the writer needs to rebuild the case from its events, as JSON in a form of its own; null where it keeps nothing. */
  turn: z.string().max(900_000).nullable().default(null),
})
export type CaseEvent = z.infer<typeof CaseEvent>
