import type { Random } from '@concord/contracts'
import type { ModelRequest } from '../../port.ts'
import type { Step } from '../ask.ts'
import type { Target } from '../routes.ts'

/** Asks a second model what the first has answered, for a share of the calls. Nobody waits for it; it is only recorded. */
export function shadow(random: Random, askShadow: (request: ModelRequest<unknown>, target: Target) => void): Step {
  return async (ask, next) => {
    const answer = await next()
    const wanted = ask.route?.shadow ?? null
    if (!ask.shadow && wanted !== null && random() < wanted.share) askShadow(ask.request, wanted.target)
    return answer
  }
}
