import { isA, type Sighting } from './sighting.ts'

export interface Latency {
  /** Milliseconds from the request's record to its first outcome's; of those that no person had to decide. */
  p50: number
  p99: number
  /** The longest that a request, sent before all was mended, waited for its outcome after that. Milliseconds. */
  recovery: number
}

/** @param mendedAt when the last fault was over, milliseconds since the epoch */
export function measureLatency(sightings: readonly Sighting[], mendedAt: number): Latency {
  const sent = firstTimes(sightings.filter(isA('request')))
  const replies = sightings.filter(isA('reply'))
  const decidedByPeople = new Set(replies.filter(({ body }) => body.outcome === 'escalated').map(({ requestId }) => requestId))
  const ended = firstTimes(replies.filter(({ requestId }) => !decidedByPeople.has(requestId)))
  const times = [...ended].flatMap(([requestId, at]) => {
    const from = sent.get(requestId)
    return from === undefined ? [] : [{ from, at }]
  })
  const waits = times.map(({ from, at }) => at - from).toSorted((a, b) => a - b)
  const after = times.filter(({ from }) => from <= mendedAt).map(({ at }) => at - mendedAt)
  return { p50: quantile(waits, 0.5), p99: quantile(waits, 0.99), recovery: Math.max(0, ...after) }
}

function firstTimes(sightings: readonly Sighting[]): Map<string, number> {
  const first = new Map<string, number>()
  for (const { requestId, at } of sightings) first.set(requestId, Math.min(at, first.get(requestId) ?? Infinity))
  return first
}

/** Of ascending numbers: the smallest that this share of them does not exceed; 0 of none. */
export function quantile(ascending: readonly number[], share: number): number {
  return ascending[Math.max(0, Math.ceil(ascending.length * share) - 1)] ?? 0
}
