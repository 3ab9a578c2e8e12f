/** Invariant 5: an agent answers the messages of a conversation in the order in which they stand in the log. */
import {
  actionResults,
  actions,
  briefs,
  drafts,
  knowledge,
  policy,
  requests,
  reworks,
  triaged,
  openEnvelope,
  type Topic,
} from '@concord/contracts'
import type { Appended } from '../evidence.ts'
import { envelopeOf, on, type Check, type Facts, type Said } from './facts.ts'

const flows: readonly { agent: string; from: Topic; to: Topic }[] = [
  { agent: 'triage', from: requests, to: triaged },
  { agent: 'knowledge', from: triaged, to: knowledge },
  { agent: 'knowledge', from: reworks, to: knowledge },
  { agent: 'policy', from: triaged, to: policy },
  { agent: 'policy', from: reworks, to: policy },
  { agent: 'response', from: briefs, to: drafts },
  { agent: 'executor', from: actions, to: actionResults },
]

export const inOrder: Check = (facts) =>
  flows.flatMap(({ agent, from, to }) => {
    const asked = placesOf(facts, from)
    return [...Map.groupBy(on(facts, to), ({ record }) => String(record.key))]
      .filter(([, answers]) => !isOrdered(firstAnswers(answers, asked)))
      .map(([key]) => `${agent} answered ${key} out of order on ${to.name}.`)
  })

/** Whether each answer can be to a record that stands after the one before it: what was sent twice stands twice. */
function isOrdered(answers: readonly (readonly number[])[]): boolean {
  let last = -1
  return answers.every((places) => {
    const next = places.find((place) => place > last)
    last = next ?? last
    return next !== undefined
  })
}

/** Where each message stands in its partition, by its id. */
function placesOf(facts: Facts, topic: Topic): Map<string, number[]> {
  const places = new Map<string, number[]>()
  for (const one of on(facts, topic)) {
    const id = idOf(one)
    if (id !== null)
      places.set(
        id,
        [...(places.get(id) ?? []), one.record.offset].sort((a, b) => a - b),
      )
  }
  return places
}

/** Of each answer's first record, the places of what it answers. */
function firstAnswers(answers: readonly Said<unknown>[], asked: ReadonlyMap<string, number[]>): number[][] {
  const seen = new Set<string>()
  return answers.flatMap((one) => {
    const envelope = envelopeOf(one)
    const places = envelope?.basedOn.map(({ id }) => asked.get(id)).find((found) => found !== undefined)
    if (envelope === null || places === undefined || seen.has(envelope.messageId)) return []
    seen.add(envelope.messageId)
    return [places]
  })
}

/** A request has no id of its own: every reader derives the same one. */
export function idOf(one: Appended): string | null {
  if (one.record.topic !== requests.name) return envelopeOf(one)?.messageId ?? null
  const making = { agent: 'producer', version: '1', domainVersion: 'none', now: one.record.timestamp }
  return openEnvelope(one.value as Parameters<typeof openEnvelope>[0], one.record, making).messageId
}
