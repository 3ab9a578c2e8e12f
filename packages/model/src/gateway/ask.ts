/** One question on its way through the gateway, and the way itself. */
import { Fault } from '@concord/contracts'
import type { ChatMessage } from '../endpoint/endpoint.ts'
import type { Limit } from '../limits.ts'
import type { ModelCallRecord, ModelRequest } from '../port.ts'
import type { Reply } from '../reply.ts'
import type { Route, Target } from './routes.ts'

/** Steps that can keep a request from being sent. */
export type Stopper = 'bulkhead' | 'breaker' | 'context'

/** Each step adds what it finds out. */
export interface Ask {
  readonly request: ModelRequest<unknown>
  readonly startedAt: number
  /** Caller, deadline and shutdown. */
  readonly limit: Limit
  /** That of `limit`; within the step `deadline`, the time of one attempt too. */
  signal: AbortSignal
  /** From `parse-and-correct`: the prompt, then each unusable answer with its correction. */
  readonly messages: ChatMessage[]
  maxOutputTokens: number | undefined
  /** From `route`, or given before. */
  route: Route | null
  target: Target | null
  /** Targets that are left, should this one fail. */
  spare: number
  readonly fallbacks: string[]
  /** Of the last attempt: the step that kept it from being sent. */
  stoppedBy: Stopper | null
  breaker: string | null
  /** From `call`: requests sent, the wait that the last one was told, and every reply with the target that gave it. */
  attempts: number
  retryAfterMs: number | undefined
  readonly replies: { readonly target: Target; readonly reply: Reply }[]
  limiterWaitMs: number
  /** From `settle`. */
  costMicros: number | null
  readonly shadow: boolean
  /** From `record`. */
  record: ModelCallRecord | null
}

/** What comes back: up to `parse-and-correct` a reply, from there on its value too. */
export interface Answer {
  readonly reply: Reply
  readonly value?: unknown
}

/** A step does its part before `next`, after it, or instead of it. `next` may be called again: another attempt, another target. */
export type Step = (ask: Ask, next: () => Promise<Answer>) => Promise<Answer>

/** Runs the steps in their order, each around those after it. */
export function pipeline(steps: readonly Step[]): (ask: Ask) => Promise<Answer> {
  return (ask) => {
    const from = async (index: number): Promise<Answer> => {
      const step = steps[index]
      if (step === undefined) throw new Fault('internal', 'the last step of the gateway must bring an answer.')
      return step(ask, () => from(index + 1))
    }
    return from(0)
  }
}

export function openAsk(request: ModelRequest<unknown>, limit: Limit, startedAt: number, fixed?: Route): Ask {
  return {
    request,
    startedAt,
    limit,
    signal: limit.signal,
    messages: [],
    maxOutputTokens: request.maxOutputTokens,
    route: fixed ?? null,
    target: null,
    spare: 0,
    fallbacks: [],
    stoppedBy: null,
    breaker: null,
    attempts: 0,
    retryAfterMs: undefined,
    replies: [],
    limiterWaitMs: 0,
    costMicros: null,
    shadow: fixed !== undefined,
    record: null,
  }
}

/** The target of an ask that is past `route`. */
export function targetOf(ask: Ask): Target {
  if (ask.target === null) throw new Fault('internal', 'the step stands before route in the gateway.')
  return ask.target
}
