import { Fault, type FaultCode } from '@concord/contracts'
import { tokensAtLeast } from '../../tokens.ts'
import type { Answer, Ask, Step } from '../ask.ts'
import type { OnGatewayEvent } from '../events.ts'
import type { Route, Routes, Target } from '../routes.ts'

/** What another target may mend. A refusal, or an answer that never fitted, is the model's word and is final. */
const elsewhere: readonly FaultCode[] = ['model_unavailable', 'model_rate_limited', 'model_rejected_request']

/** Chooses the route, and goes along its targets until one answers. A correction starts with the target that gave the answer. */
export function route(routes: () => Routes, onEvent: OnGatewayEvent): Step {
  return async (ask, next) => {
    const { targets } = (ask.route ??= pick(routes(), ask))
    const start = Math.max(0, ask.target === null ? 0 : targets.indexOf(ask.target))
    for (let at = start; ; at++) {
      enter(ask, targets[at]!, targets.length - at - 1)
      try {
        return await attempt(ask, next, onEvent)
      } catch (error) {
        const fault = Fault.from(error)
        if (ask.limit.signal.aborted || ask.spare === 0 || !elsewhere.includes(fault.code)) throw fault
        const reason = ask.stoppedBy ?? fault.code
        ask.fallbacks.push(`${ask.target!.id}: ${reason}`)
        onEvent({ kind: 'fallback', target: ask.target!.id, reason })
      }
    }
  }
}

function pick(routes: Routes, { request: { prompt, call } }: Ask): Route {
  return routes.pick({ prompt: prompt.name, priority: call.priority ?? 'normal', level: call.level ?? 0 })
}

function enter(ask: Ask, target: Target, spare: number): void {
  Object.assign(ask, { target, spare, stoppedBy: null, breaker: null, retryAfterMs: undefined } satisfies Partial<Ask>)
}

/** A prompt that cannot fit is not sent. */
async function attempt(ask: Ask, next: () => Promise<Answer>, onEvent: OnGatewayEvent): Promise<Answer> {
  const { id, contextWindow } = ask.target!
  const needed = ask.messages.reduce((sum, { content }) => sum + tokensAtLeast(content), 0)
  if (contextWindow === undefined || needed <= contextWindow) return next()
  ask.stoppedBy = 'context'
  onEvent({ kind: 'stopped', target: id, by: 'context' })
  throw new Fault('model_rejected_request', `the prompt takes at least ${needed} tokens, and ${id} reads ${contextWindow}.`)
}
