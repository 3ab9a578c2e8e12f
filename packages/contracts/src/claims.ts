import { z } from 'zod'
import { long } from './long.ts'

export const valueKinds = ['boolean', 'quantity', 'money', 'date', 'duration', 'range', 'text', 'set'] as const
export const durationUnits = ['minute', 'hour', 'day', 'business_day', 'week', 'month', 'year'] as const

/**
 * A typed value. `kind` says which of the nullable fields are filled:
 * boolean → boolean · quantity → number, unit · money → minor, currency · date → date (ISO 8601) ·
 * duration → number, unit (one of `durationUnits`) · range → min and/or max, unit · text → text · set → items.
 */
export const ClaimValue = z
  .object({
    kind: z.string(),
    boolean: z.boolean().nullable().default(null),
    number: z.number().nullable().default(null),
    /** Money in minor units: cents, pence. */
    minor: long.nullable().default(null),
    currency: z.string().length(3).nullable().default(null),
    unit: z.string().max(32).nullable().default(null),
    date: z.string().max(40).nullable().default(null),
    min: z.number().nullable().default(null),
    max: z.number().nullable().default(null),
    text: z.string().max(4_000).nullable().default(null),
    items: z.array(z.string().max(400)).nullable().default(null),
  })
  .superRefine((value, context) => {
    const problem = missingField(value)
    if (problem !== null) context.addIssue({ code: 'custom', message: problem })
  })
  .meta({ rule: 'the fields that its kind needs are filled' })
export type ClaimValue = z.infer<typeof ClaimValue>

type Fields = { [K in keyof ClaimValue]: ClaimValue[K] }

function missingField(value: Fields): string | null {
  const need = (filled: boolean, what: string) => (filled ? null : `a ${value.kind} value needs ${what}`)
  switch (value.kind as (typeof valueKinds)[number]) {
    case 'boolean':
      return need(value.boolean !== null, 'boolean')
    case 'quantity':
      return need(value.number !== null && value.unit !== null, 'number and unit')
    case 'money':
      return need(value.minor !== null && value.currency !== null, 'minor and currency')
    case 'date':
      return need(value.date !== null && isIsoDate(value.date), 'an ISO 8601 date')
    case 'duration':
      return need(
        value.number !== null && (durationUnits as readonly (string | null)[]).includes(value.unit),
        `number and unit (${durationUnits.join(', ')})`,
      )
    case 'range':
      return need((value.min !== null || value.max !== null) && value.unit !== null, 'unit and min or max')
    case 'text':
      return need(value.text !== null, 'text')
    case 'set':
      return need(value.items !== null, 'items')
    default:
      return `kind must be one of ${valueKinds.join(', ')}`
  }
}

function isIsoDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}(T|$)/.test(text) && !Number.isNaN(Date.parse(text))
}

/** Where a claim comes from. `ref` is a rule id, a passage id, a tool result id, a model name or a reviewer. */
export const ClaimSource = z.object({
  kind: z.enum(['rule', 'passage', 'tool', 'model', 'person']),
  ref: z.string().min(1).max(200),
  version: z.string().max(64).nullable().default(null),
})
export type ClaimSource = z.infer<typeof ClaimSource>

/** A statement that can be compared. `subject` names an entity (`order:W2378156`, `shop`), `predicate` stands in the domain's vocabulary. */
export const Claim = z.object({
  id: z.string().min(1).max(200),
  subject: z.string().min(1).max(200),
  predicate: z.string().min(1).max(100),
  value: ClaimValue,
  polarity: z.enum(['affirmed', 'denied']).default('affirmed'),
  /** Narrows the claim: `{ productClass: 'electronics' }`. An absent key means every value. */
  scope: z.record(z.string(), z.string()).default({}),
  /** Milliseconds since the epoch; null is open. */
  validFrom: long.nullable().default(null),
  validUntil: long.nullable().default(null),
  source: ClaimSource,
  confidence: z.number().min(0).max(1),
})
export type Claim = z.infer<typeof Claim>

/** An amount in minor units. */
export const Money = z.object({ minor: long, currency: z.string().length(3) })
export type Money = z.infer<typeof Money>
