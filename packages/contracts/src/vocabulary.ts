import { z } from 'zod'
import { ClaimSource, valueKinds } from './claims.ts'

/** One predicate of a domain's claim vocabulary: how its values compare, who has authority, and how it reads. */
export const Predicate = z.strictObject({
  id: z.string().min(1).max(100),
  kind: z.enum(valueKinds),
  /**
   * When two values of one subject and predicate, in overlapping scope and validity, can both hold:
   * `equal` they are the same · `tolerance` they differ by at most `tolerance` (a share of the larger) ·
   * `overlap` ranges meet or sets share an item · `any` always (the predicate has many values).
   */
  compare: z.enum(['equal', 'tolerance', 'overlap', 'any']).default('equal'),
  tolerance: z.number().min(0).max(1).default(0),
  /** Kinds of source, most authoritative first; between two of one kind nothing is settled by authority. */
  authority: z.array(ClaimSource.shape.kind).default(['tool', 'rule', 'passage', 'model']),
  /** A critical conflict is never settled silently. */
  critical: z.boolean().default(false),
  /** How an affirmed claim reads to a customer: `{value}`, `{subject}`, `{scope}` are filled in. */
  statement: z.string().min(1).max(500),
  /** How a denied claim reads; without it a denied claim is not spoken. */
  denied: z.string().max(500).nullable().default(null),
})
export type Predicate = z.infer<typeof Predicate>

/** Predicates by id. */
export type Vocabulary = ReadonlyMap<string, Predicate>

/** The predicate of a verbatim quote from a document; every domain has it. Quotes are compared by the text layer, not by value. */
export const saysPredicate: Predicate = Predicate.parse({ id: 'says', kind: 'text', compare: 'any', statement: '{value}' })
