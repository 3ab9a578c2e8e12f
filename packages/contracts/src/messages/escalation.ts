import { z } from 'zod'
import { Envelope } from '../envelope.ts'
import { Finding } from '../findings.ts'
import { Citation, Commitment } from './draft.ts'
import { Verdict } from './policy.ts'
import { long } from '../long.ts'

/** `escalations`: a case that people must decide. */
export const Escalation = z.object({
  envelope: Envelope,
  /** Why, as a code: `needs_approval`, `contradiction`, `risk_flag`, `wants_person`, `low_confidence`, `agent_failed`, … */
  reason: z.string().min(1).max(64),
  summary: z.string().min(1).max(2_000),
  /** What the proposed decision would do, in words. */
  consequence: z.string().max(1_000),
  findings: z.array(Finding).max(100),
  draft: z.string().max(8_000).nullable().default(null),
  citations: z.array(Citation).max(100),
  commitments: z.array(Commitment).max(50),
  verdicts: z.array(Verdict).max(50),
  caseVersion: long.min(0),
  /** Hash over draft, commitments, verdicts and findings as shown. */
  shownHash: z.string().min(1).max(64),
  /** Milliseconds since the epoch by which someone should have decided. */
  slaAt: long,
})
export type Escalation = z.infer<typeof Escalation>

/** `decisions`: what a person decided, on exactly what was shown. */
export const Decision = z.object({
  envelope: Envelope,
  decision: z.enum(['approve', 'edit', 'reject', 'respond']),
  caseVersion: long.min(0),
  shownHash: z.string().min(1).max(64),
  /** The reviewer's words for `edit` and `respond`. */
  text: z.string().max(8_000).nullable().default(null),
  reason: z.string().max(1_000).nullable().default(null),
  reviewer: z.string().min(1).max(128),
})
export type Decision = z.infer<typeof Decision>
