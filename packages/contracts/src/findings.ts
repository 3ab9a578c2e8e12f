import { z } from 'zod'

/** The layers of contradiction search, cheapest first; a finding names the one that spoke. */
export const layers = ['claims', 'commitments', 'text', 'assumptions', 'judge'] as const
export type Layer = (typeof layers)[number]

/** One side of a contradiction, with where it comes from. */
export const Side = z.object({
  agent: z.string().min(1).max(64),
  /** Claim id, verdict's rule, passage, or the draft's message id. */
  ref: z.string().min(1).max(200),
  statement: z.string().max(4_000),
})
export type Side = z.infer<typeof Side>

/** A contradiction, as a person can read it and a machine can act on it. */
export const Finding = z.object({
  id: z.string().min(1).max(200),
  layer: z.enum(layers),
  /** For example `claim_conflict`, `promises_forbidden`, `exceeds_limit`, `skips_obligation`, `unsupported_amount`, `stale_basis`. */
  kind: z.string().min(1).max(64),
  severity: z.enum(['minor', 'major', 'critical']),
  sentence: z.string().min(1).max(2_000),
  left: Side,
  right: Side,
  /** How it was settled: by authority, revision, rework or person; null while it stands. */
  settledBy: z.string().max(64).nullable().default(null),
})
export type Finding = z.infer<typeof Finding>
