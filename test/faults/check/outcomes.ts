import { isA, type Sighting, type SightingOf } from './sighting.ts'

export interface OutcomeCount {
  /** Requests with at least one outcome. */
  ended: number
  /** Requests without an outcome, by id. */
  missing: string[]
  /** Requests with two outcome ids, or with one id and two contents. */
  double: string[]
  /** Outcomes of requests that nobody sent. */
  stray: string[]
  /** Outcomes and notices that say again, byte for byte, what was said. */
  repeats: number
  expired: string[]
  /** Requests by `outcome reason`. */
  kinds: Map<string, number>
}

/** The notice that a person decides is no outcome, but its bytes may change as little. */
export function countOutcomes(sightings: readonly Sighting[], asked: readonly string[]): OutcomeCount {
  const replies = sightings.filter(isA('reply'))
  const byRequest = Map.groupBy(replies, ({ requestId }) => requestId)
  const outcomesOf = (requestId: string) => (byRequest.get(requestId) ?? []).filter(isOutcome)
  const wanted = new Set(asked)
  const firsts = asked.flatMap((requestId) => outcomesOf(requestId).slice(0, 1))
  return {
    ended: firsts.length,
    missing: asked.filter((requestId) => outcomesOf(requestId).length === 0),
    double: [...byRequest].filter(([, ofRequest]) => isDouble(ofRequest)).map(([requestId]) => requestId),
    stray: [...byRequest.keys()].filter((requestId) => !wanted.has(requestId)),
    repeats: replies.length - new Set(replies.map(({ messageId, content }) => `${messageId} ${content}`)).size,
    expired: firsts.filter(({ body }) => body.outcome === 'expired').map(({ requestId }) => requestId),
    kinds: counted(firsts.map(({ body }) => `${body.outcome} ${body.reason}`)),
  }
}

const isOutcome = ({ body }: SightingOf<'reply'>): boolean => body.outcome !== 'escalated'

function isDouble(replies: readonly SightingOf<'reply'>[]): boolean {
  if (new Set(replies.filter(isOutcome).map(({ messageId }) => messageId)).size > 1) return true
  return [...Map.groupBy(replies, ({ messageId }) => messageId).values()].some(
    (same) => new Set(same.map(({ content }) => content)).size > 1,
  )
}

export function counted(names: readonly string[]): Map<string, number> {
  return new Map([...Map.groupBy(names, (name) => name)].map(([name, same]) => [name, same.length]))
}
