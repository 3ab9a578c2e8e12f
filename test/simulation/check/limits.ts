/** Invariant 9: rates hold over all replicas, bulkheads in each. */
import type { Check } from './facts.ts'

const perMs = 1_000

export const rates: Check = ({ granted, settings }) =>
  [...Map.groupBy(granted, ({ limiter }) => limiter)].flatMap(([limiter, permits]) =>
    permits.flatMap(({ at }, index) => {
      const over = permits[index + settings.ratePerSecond]
      return over !== undefined && over.at - at < perMs
        ? [`${limiter} gave more than ${settings.ratePerSecond} permits in a second.`]
        : []
    }),
  )

export const bulkheads: Check = ({ asks, settings }) =>
  [...Map.groupBy(asks, ({ by }) => by)].flatMap(([by, own]) => {
    const steps = own
      .flatMap(({ began, ended }) => [{ at: began, change: 1 }, ...(ended === null ? [] : [{ at: ended, change: -1 }])])
      .sort((a, b) => a.at - b.at)
    let running = 0
    const most = Math.max(...steps.map(({ change }) => (running += change)))
    return most > settings.concurrency ? [`${by} worked on ${most} messages at once, with room for ${settings.concurrency}.`] : []
  })

/** Nobody asks a model without a permit of its own for that. */
export const permits: Check = ({ asks, granted }) =>
  asks.flatMap(({ by, began, callId }) => {
    const asked = asks.filter((other) => other.by === by && other.began <= began).length
    const allowed = granted.filter((one) => one.by === by && one.seq <= began).length
    return asked > allowed ? [`${by} asked ${callId} without a permit.`] : []
  })
