import { causeOf, causes, storeLostBetween, type Asking, type Cause, type Happening } from './happening.ts'
import { isA, type Sighting } from './sighting.ts'

export interface RepeatCount {
  byCause: Record<Cause, number>
  /** Prompts that were asked again though nothing had befallen their service. */
  unexplained: { first: Asking; again: Asking }[]
}

/** Model calls that were made again for the same message, since a time in milliseconds since the epoch. */
export function countRepeatedCalls(askings: readonly Asking[], happenings: readonly Happening[], since: number): RepeatCount {
  const byCause = Object.fromEntries(causes.map((cause) => [cause, 0])) as Record<Cause, number>
  const unexplained: RepeatCount['unexplained'] = []
  for (const same of Map.groupBy(askings, ({ service, prompt }) => `${service} ${prompt}`).values()) {
    const inTime = same.toSorted((a, b) => a.before - b.before)
    for (const [at, again] of inTime.entries()) {
      const first = inTime[at - 1]
      if (first === undefined || again.before < since) continue
      const cause = causeOf(first, again, happenings)
      if (cause === null) unexplained.push({ first, again })
      else byCause[cause]++
    }
  }
  return { byCause, unexplained }
}

/** Calls that succeeded, as the topic `model-calls` tells of them: each once, however often it is told. */
export function toldCalls(sightings: readonly Sighting[]): Asking[] {
  const calls = sightings.filter(isA('model-call')).filter(({ body }) => body.outcome === 'ok')
  const distinct = new Map(calls.map(({ body }) => [`${body.callId} ${body.startedAt}`, body]))
  return [...distinct.values()].map(({ agent, callId, startedAt }) => ({
    service: agent,
    prompt: callId,
    after: startedAt,
    before: startedAt,
  }))
}

export interface Rewritten {
  topic: string
  messageId: string
  requestId: string
}

/**
 * Ids under which something else was said later. An agent may do so when the store has lost its first words meanwhile: readers keep what came
 * first. The coordinator may not: its history is on the topics. A dead letter has no id of its own.
 */
export function findRewritten(sightings: readonly Sighting[], happenings: readonly Happening[]): Rewritten[] {
  const own = sightings.filter(({ noun, body }) => noun !== 'dlq' && body.kind !== 'reply' && body.kind !== 'undecodable')
  const isExcused = (first: Sighting, other: Sighting): boolean =>
    first.maker !== 'coordinator' && storeLostBetween(first.at, other.at, happenings)
  return [...Map.groupBy(own, ({ topic, messageId }) => `${topic} ${messageId}`).values()].flatMap((same) => {
    const [first, ...later] = same.toSorted((a, b) => a.at - b.at)
    const other = later.find(({ content }) => content !== first?.content)
    if (first === undefined || other === undefined || isExcused(first, other)) return []
    return [{ topic: first.topic, messageId: first.messageId, requestId: first.requestId }]
  })
}
