/** What the model is shown and what it may answer: it chooses among passages, it writes nothing of its own. */
import type { Envelope } from '@concord/contracts'
import type { Hit, Intent } from '@concord/domain'
import { z } from 'zod'

/** Schema of the answer, for these passages. */
export function knowledgeAnswer(hits: readonly Hit[]) {
  return z.object({
    selected: z.array(
      z.object({
        passage: z.enum(hits.map(({ passage }) => passage.id)),
        quote: z.string().describe('the words of the passage that answer, verbatim'),
      }),
    ),
    confidence: z.number().min(0).max(1),
  })
}
export type KnowledgeAnswer = z.infer<ReturnType<typeof knowledgeAnswer>>

/** Sections of the prompt, by placeholder. */
export function knowledgeInput(
  { request }: Pick<Envelope, 'request'>,
  intent: Intent,
  hits: readonly Hit[],
): Record<string, unknown> {
  return {
    message: request.text,
    history: request.history.map(({ role, text }) => ({ role, text })),
    intent: { id: intent.id, description: intent.description },
    passages: hits.map(({ passage: { id, title, text } }) => ({ id, title, text })),
  }
}
