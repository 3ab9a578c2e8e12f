import { Fault } from '@concord/contracts'
import type { ModelCallRecord } from '../../port.ts'
import type { Ask, Step } from '../ask.ts'

/** More than any route has; corrections may meet some again. */
const mostFallbacks = 20

/** Writes down what became of the call, whatever that was. `onCall` must not throw. */
export function record(now: () => number, onCall: (record: ModelCallRecord) => void): Step {
  return async (ask, next) => {
    const write = (fault: Fault | null): void => {
      ask.record = recordOf(ask, fault, now())
      onCall(ask.record)
    }
    try {
      const answer = await next()
      write(null)
      return answer
    } catch (error) {
      const fault = ask.limit.fault() ?? Fault.from(error)
      write(fault)
      throw fault
    }
  }
}

function recordOf(ask: Ask, fault: Fault | null, now: number): ModelCallRecord {
  const { prompt, call } = ask.request
  const last = ask.replies.at(-1)
  const asked = ask.target ?? ask.route?.targets[0]
  const sum = (of: 'inputTokens' | 'cachedInputTokens' | 'outputTokens') =>
    ask.replies.reduce((total, { reply }) => total + reply.use[of], 0)
  return {
    callId: call.callId,
    agent: call.agent,
    promptName: prompt.name,
    promptVersion: prompt.version,
    promptHash: prompt.hash,
    provider: asked?.provider ?? 'none',
    model: (last?.reply.model ?? asked?.model ?? '').slice(0, 200),
    attempts: ask.attempts,
    inputTokens: sum('inputTokens'),
    cachedInputTokens: sum('cachedInputTokens'),
    outputTokens: sum('outputTokens'),
    costMicros: ask.costMicros,
    latencyMs: now - ask.startedAt,
    outcome: fault === null ? 'ok' : outcomeOf(fault, last?.reply.kind === 'truncated'),
    error: fault === null ? null : fault.message.slice(0, 500),
    startedAt: ask.startedAt,
    route: ask.route?.name ?? null,
    endpoint: ask.target?.at ?? null,
    fallbacks: ask.fallbacks.slice(0, mostFallbacks),
    stoppedBy: ask.stoppedBy,
    breaker: ask.breaker,
    limiterWaitMs: ask.limiterWaitMs,
    shadow: ask.shadow,
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
