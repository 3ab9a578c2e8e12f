/** Parts for the tests of the steps. */
import { Fault, type Clock, type FaultCode } from '@concord/contracts'
import { z } from 'zod'
import type { Completion, Endpoint, Failed } from '../endpoint/endpoint.ts'
import { callLimit } from '../limits.ts'
import type { ModelRequest } from '../port.ts'
import type { Reply } from '../reply.ts'
import { openAsk, type Ask } from './ask.ts'
import type { GatewayEvent } from './events.ts'
import type { Target } from './routes.ts'

export const fault = (code: FaultCode, retryable = true): Fault => new Fault(code, 'as the test wants it', { retryable })

export function says(text: string, more: Partial<Reply> = {}): Reply {
  return { kind: 'text', text, model: undefined, use: { inputTokens: 100, cachedInputTokens: 40, outputTokens: 10 }, ...more }
}

export const good = says('{"n":1}')

export function fails(code: FaultCode, retryable = true, retryAfterMs?: number): Failed {
  return { kind: 'failed', fault: fault(code, retryable), retryAfterMs }
}

/** An endpoint that says these in turn, the last again and again, and keeps what it was sent. */
export function scripted(...said: (Reply | Failed)[]): Endpoint & { sent: Completion[] } {
  const sent: Completion[] = []
  return {
    sent,
    async complete(completion) {
      sent.push(structuredClone(completion))
      return said[Math.min(sent.length, said.length) - 1]!
    },
  }
}

export function aTarget(id: string, endpoint: Endpoint = scripted(good), more: Partial<Target> = {}): Target {
  const [at = '', model = ''] = id.split('/')
  return { id, at, provider: at, model, endpoint, requestTimeoutMs: 30_000, structured: true, ...more }
}

export function aRequest(clock: Clock, more: Partial<ModelRequest<unknown>> = {}, deadlineMs = 60_000): ModelRequest<unknown> {
  return {
    prompt: { name: 'triage', version: '3', hash: 'abc', system: 'Say a number.', user: '<message>{{message}}</message>' },
    input: { message: 'one, please' },
    schema: z.object({ n: z.number() }),
    schemaName: 'answer',
    call: { callId: 'c1', agent: 'triage', tenantId: 't', requestId: 'r', deadline: clock.now() + deadlineMs },
    signal: new AbortController().signal,
    ...more,
  }
}

/** An ask on its way to `target`. */
export function anAsk(clock: Clock, target: Target | null = null, more: Partial<Ask> = {}): Ask {
  const request = aRequest(clock)
  const limit = callLimit(request.signal, request.call.deadline, clock)
  return Object.assign(openAsk(request, limit, clock.now()), { target, ...more })
}

export function listen(): { events: GatewayEvent[]; onEvent(event: GatewayEvent): void } {
  const events: GatewayEvent[] = []
  return { events, onEvent: (event) => void events.push(event) }
}
