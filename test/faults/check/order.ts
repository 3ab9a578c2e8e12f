import { byPlace, type Sighting } from './sighting.ts'

/** Which topic an agent writes, and from which. Revisions stand apart: later ones have another input topic, and another time. */
const steps = [
  { agent: 'triage', from: 'requests', to: 'triage' },
  { agent: 'knowledge', from: 'triage', to: 'knowledge' },
  { agent: 'policy', from: 'triage', to: 'policy' },
  { agent: 'response', from: 'briefs', to: 'drafts' },
  { agent: 'executor', from: 'actions', to: 'action-results' },
] as const

export interface Disorder {
  agent: string
  conversation: string
  /** As the inputs stand in the log, of those that have an output. */
  expected: string[]
  /** As the first outputs stand in the log. */
  found: string[]
}

/** Conversations in which the first occurrences of an agent's outputs stand in another order than their inputs. */
export function findDisorder(sightings: readonly Sighting[]): Disorder[] {
  const byNoun = Map.groupBy(sightings, ({ noun }) => noun)
  return steps.flatMap(({ agent, from, to }) => {
    const inputs = firsts(byNoun.get(from) ?? [])
    const outputs = firsts(byNoun.get(to) ?? [])
    return [...outputs].flatMap(([conversation, found]) => {
      const answered = new Set(found)
      const expected = (inputs.get(conversation) ?? []).filter((item) => answered.has(item))
      const known = found.filter((item) => expected.includes(item))
      return expected.join() === known.join() ? [] : [{ agent, conversation, expected, found: known }]
    })
  })
}

/** Requests by conversation, in the order in which they first occur; each revision of one counts by itself. */
function firsts(sightings: readonly Sighting[]): Map<string, string[]> {
  const ordered = new Map<string, Set<string>>()
  for (const { conversation, requestId, body } of sightings.toSorted(byPlace)) {
    const item = body.kind === 'message' && body.revision > 0 ? `${requestId}#${body.revision}` : requestId
    ordered.set(conversation, (ordered.get(conversation) ?? new Set()).add(item))
  }
  return new Map([...ordered].map(([conversation, items]) => [conversation, [...items]]))
}
