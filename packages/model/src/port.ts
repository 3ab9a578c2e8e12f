/** The port between a handler and a model. Adapters: any OpenAI-compatible endpoint, and the scripted model of the tests. */
import type { ZodType } from 'zod'

/** One prompt, versioned, from the domain's folder. */
export interface Prompt {
  name: string
  version: string
  hash: string
  system: string
  /** A template with {{placeholders}}. What comes from outside stands in sections: <name>{{placeholder}}</name>, each on lines of its own. */
  user: string
}

/** For the record; the model sees none of it. */
export interface CallContext {
  callId: string
  agent: string
  tenantId: string
  requestId: string
  /** Milliseconds since the epoch. */
  deadline: number
  /** low, normal, high or urgent; normal where it is left out. A route may ask for it. */
  priority?: string
  /** Degradation level, 0 to 3; 0 where it is left out. A route may ask for it. */
  level?: number
}

export interface ModelRequest<T> {
  prompt: Prompt
  /** Values for the placeholders: strings go in as text, anything else as JSON. */
  input: Record<string, unknown>
  /** Sent as JSON schema, and validates the answer. Write `nullable` rather than `optional`: only then is the endpoint held to the schema. */
  schema: ZodType<T>
  /** Letters, digits, `_` and `-`. */
  schemaName: string
  call: CallContext
  signal: AbortSignal
  maxOutputTokens?: number
  temperature?: number
}

export interface ModelAnswer<T> {
  value: T
  record: ModelCallRecord
}

/** One ask, whatever became of it. Holds no content. */
export interface ModelCallRecord {
  callId: string
  agent: string
  promptName: string
  promptVersion: string
  promptHash: string
  provider: string
  /** As the response names it; the model asked for where none came. */
  model: string
  /** Requests sent: retries and corrections included. */
  attempts: number
  inputTokens: number
  /** Part of `inputTokens`. */
  cachedInputTokens: number
  outputTokens: number
  /** Millionths of the price book's currency; null when no price is known. */
  costMicros: number | null
  latencyMs: number
  outcome: 'ok' | 'invalid_answer' | 'refused' | 'truncated' | 'failed' | 'aborted'
  /** The fault's code and message; null when `outcome` is ok. */
  error: string | null
  /** Milliseconds since the epoch. */
  startedAt: number
  /** Name of the route that was taken; null where there was none to choose. */
  route?: string | null
  /** Name of the endpoint that was asked last; null where none was. */
  endpoint?: string | null
  /** Targets that were left for the next one, in order, each with its reason: `main/large: breaker`. */
  fallbacks?: string[]
  /** The step that kept the last request from being sent; null where it was sent. */
  stoppedBy?: string | null
  /** State of the breaker that the last request met. */
  breaker?: string | null
  /** Milliseconds spent waiting for a limit. */
  limiterWaitMs?: number
  /** The call was made to compare only; nobody got its answer. */
  shadow?: boolean
}

/** What a record says where nothing is said. */
export const plainRecord = {
  route: null,
  endpoint: null,
  fallbacks: [] as string[],
  stoppedBy: null,
  breaker: null,
  limiterWaitMs: 0,
  shadow: false,
}

export interface Model {
  /**
   * Asks until the answer fits the schema, at most three answers, within the call's deadline.
   * Rejects with a Fault: model_unavailable or model_rate_limited (retryable), model_rejected_request, model_refused,
   * model_invalid_answer, deadline_exceeded, or aborted (the signal's own reason where that is a Fault).
   */
  ask<T>(request: ModelRequest<T>): Promise<ModelAnswer<T>>
}
