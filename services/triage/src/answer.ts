/** What the model is shown and what it may answer: everything it can choose is an id of the domain. */
import type { Envelope } from '@concord/contracts'
import type { Domain } from '@concord/domain'
import { z } from 'zod'

/** Chosen when no intent fits. */
export const NONE = 'none'

export const urgencies = ['low', 'normal', 'high'] as const

type Labels = Pick<Domain, 'intents' | 'flags'>

/** Schema of the answer, of this domain. */
export function triageAnswer({ intents, flags }: Labels) {
  return z.object({
    intent: z.enum([...new Set([...intents.keys(), NONE])]),
    language: z
      .string()
      .regex(/^[a-z]{2,3}$/)
      .describe('BCP 47 primary tag of the language the message is written in'),
    urgency: z.enum(urgencies),
    flags: z.array(flagId(flags.all.map(({ id }) => id))),
    confidence: z.number().min(0).max(1),
  })
}
export type TriageAnswer = z.infer<ReturnType<typeof triageAnswer>>

/** Without any flag in the domain nothing can be raised; an enum of nothing is no valid schema. */
function flagId(ids: readonly string[]): z.ZodType<string> {
  return ids.length === 0 ? z.string() : z.enum(ids)
}

/** Sections of the prompt, by placeholder. */
export function triageInput({ intents, flags }: Labels, { text, history }: Envelope['request']): Record<string, unknown> {
  return {
    labels: [...intents.values()].map(({ id, description, examples }) => ({ id, description, examples })),
    flags: flags.all.map(({ id, description, examples }) => ({ id, description, examples })),
    history: history.map(({ role, text }) => ({ role, text })),
    message: text,
  }
}
