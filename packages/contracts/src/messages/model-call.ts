import { z } from 'zod'
import { Envelope } from '../envelope.ts'
import { long } from '../long.ts'

/** `model-calls`: one call of a model, for cost, audit and evaluation. Holds no content. */
export const ModelCall = z.object({
  envelope: Envelope,
  callId: z.string().min(1).max(200),
  agent: z.string().min(1).max(64),
  promptName: z.string().min(1).max(64),
  promptVersion: z.string().min(1).max(64),
  promptHash: z.string().min(1).max(64),
  provider: z.string().min(1).max(200),
  /** As the response names it. */
  model: z.string().max(200),
  attempts: z.int32().min(0),
  inputTokens: long.min(0),
  cachedInputTokens: long.min(0),
  outputTokens: long.min(0),
  /** Millionths of the price book's currency; null when no price is known. */
  costMicros: long.nullable().default(null),
  latencyMs: z.number().min(0),
  outcome: z.enum(['ok', 'invalid_answer', 'refused', 'truncated', 'failed', 'aborted']),
  error: z.string().max(500).nullable().default(null),
  startedAt: long,
  route: z.string().max(64).nullable().default(null),
  endpoint: z.string().max(200).nullable().default(null),
  /** `endpoint/model: reason`, in order. */
  fallbacks: z.array(z.string().max(400)).max(20).default([]),
  stoppedBy: z.string().max(64).nullable().default(null),
  breaker: z.string().max(16).nullable().default(null),
  limiterWaitMs: z.number().min(0).default(0),
  shadow: z.boolean().default(false),
})
export type ModelCall = z.infer<typeof ModelCall>
