import type { Clock } from '@concord/contracts'
import { requestLimit } from '../../limits.ts'
import { targetOf, type Step } from '../ask.ts'

/** Cuts off a request that takes too long, or whose message's time is over. */
export function deadline(clock: Clock): Step {
  return async (ask, next) => {
    using limit = requestLimit(ask.limit.signal, targetOf(ask).requestTimeoutMs, clock)
    ask.signal = limit.signal
    try {
      return await next()
    } catch (error) {
      throw limit.fault() ?? error
    } finally {
      ask.signal = ask.limit.signal
    }
  }
}
