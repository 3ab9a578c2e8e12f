/** What one ask has used so far, to become its record. */
import type { Clock, Fault } from '@concord/contracts'
import type { ModelCallRecord, ModelRequest } from './port.ts'
import { costMicros, type PriceBook } from './prices.ts'
import type { Reply } from './reply.ts'

export interface Tally {
  /** A request is about to be sent. */
  sent(): void
  received(reply: Reply): void
  finish(fault: Fault | null): ModelCallRecord
}

export function startTally(
  { prompt, call }: ModelRequest<unknown>,
  about: { provider: string; model: string; prices: PriceBook; clock: Clock },
): Tally {
  const { clock, prices } = about
  const startedAt = clock.now()
  const used = { attempts: 0, inputTokens: 0, cachedInputTokens: 0, outputTokens: 0 }
  let model = about.model
  let truncated = false
  return {
    sent: () => void (used.attempts += 1),
    received(reply) {
      model = reply.model ?? model
      truncated = reply.kind === 'truncated'
      used.inputTokens += reply.use.inputTokens
      used.cachedInputTokens += reply.use.cachedInputTokens
      used.outputTokens += reply.use.outputTokens
    },
    finish: (fault) => ({
      callId: call.callId,
      agent: call.agent,
      promptName: prompt.name,
      promptVersion: prompt.version,
      promptHash: prompt.hash,
      provider: about.provider,
      model: model.slice(0, 200),
      ...used,
      costMicros: costMicros(used, prices[model] ?? prices[about.model]),
      latencyMs: clock.now() - startedAt,
      outcome: fault === null ? 'ok' : outcomeOf(fault, truncated),
      error: fault === null ? null : fault.message.slice(0, 500),
      startedAt,
    }),
  }
}

function outcomeOf(fault: Fault, truncated: boolean): ModelCallRecord['outcome'] {
  switch (fault.code) {
    case 'model_refused':
      return 'refused'
    case 'model_invalid_answer':
      return truncated ? 'truncated' : 'invalid_answer'
    case 'aborted':
    case 'deadline_exceeded':
      return 'aborted'
    default:
      return 'failed'
  }
}
