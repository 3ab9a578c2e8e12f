import { costMicros, type Prices } from '../../prices.ts'
import type { Ask, Step } from '../ask.ts'

/** Adds up what the replies cost, also those that could not be used, at the prices of the day on which the call began. */
export function settle(prices: () => Prices): Step {
  return async (ask, next) => {
    try {
      return await next()
    } finally {
      ask.costMicros = costOf(ask, prices())
    }
  }
}

/** Null when the price of any reply is not known: half a sum would be taken for the whole. */
function costOf({ replies, route, target, startedAt }: Ask, prices: Prices): number | null {
  const priceOf = (model: string, at: string) => prices.priceOf(model, at, startedAt)
  const asked = target ?? route?.targets[0]
  if (replies.length === 0) return asked !== undefined && priceOf(asked.model, asked.at) !== undefined ? 0 : null
  return replies.reduce<number | null>((total, { target: { at, model }, reply }) => {
    const price = (reply.model === undefined ? undefined : priceOf(reply.model, at)) ?? priceOf(model, at)
    const cost = costMicros(reply.use, price)
    return total === null || cost === null ? null : total + cost
  }, 0)
}
