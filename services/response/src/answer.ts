import type { Brief } from '@concord/contracts'
import { z } from 'zod'
import type { ResponseInput } from './prompt.ts'

/**
 * Schema of the model's answer to this brief. Citations name only what was given. Commitments can name every action of the
 * domain, the forbidden ones too: a promise that could not be written down could not be caught.
 * @param actions ids of every action of the domain
 */
export function responseAnswer(actions: readonly string[], { claims }: Pick<Brief, 'claims'>, input: ResponseInput) {
  const promisable = [...input.actions, ...input.forbidden]
  return z.object({
    text: z.string().min(1).max(8_000).describe('the reply to the customer'),
    citations: z.array(
      z.object({
        claim: oneOf([...input.reasons, ...input.claims].map(({ id }) => id)),
        quote: z.string().describe('the words of the reply that rest on the claim, verbatim'),
      }),
    ),
    commitments: z.array(
      z.object({
        action: oneOf([...actions, ...promisable.map(({ action }) => action)]),
        subject: oneOf([...promisable, ...claims].map(({ subject }) => subject)),
        amountMinor: z.int().nullable().describe('in minor units'),
        currency: z.string().length(3).nullable(),
        due: z.string().max(40).nullable().describe('ISO 8601 date by which it is promised'),
      }),
    ),
    obligationsMet: z.array(oneOf(input.obligations.map(({ id }) => id))),
    confidence: z.number().min(0).max(1),
  })
}
export type ResponseAnswer = z.infer<ReturnType<typeof responseAnswer>>

/** An enum of nothing is no valid schema: where nothing was given any text may stand, and deciding sorts it out. */
function oneOf(ids: readonly string[]): z.ZodType<string> {
  return ids.length === 0 ? z.string().max(200) : z.enum([...new Set(ids)])
}
