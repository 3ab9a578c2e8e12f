/** Invariants 7 and 8: a case's history is without gaps, gives back its state, and shows that what came late changed nothing. */
import { caseEvents, type CaseEvent } from '@concord/contracts'
import { caseOf, enveloped, firsts, on, type Check, type Facts } from './facts.ts'

/** The pure core whose events are folded. */
export interface Core {
  initial: unknown
  evolve(state: never, event: never): unknown
}

const changesNothing = new Set(['late', 'repeated', 'reuse_rejected', 'decision_refused'])
/** May still come when a case is closed. */
const afterTheEnd = new Set(['late', 'repeated', 'reuse_rejected', 'requested'])

export const journalOf =
  ({ initial, evolve }: Core): Check =>
  (facts) =>
    [...historiesOf(facts)].flatMap(([key, events]) => {
      const versions = events.map(({ caseVersion }) => caseVersion)
      if (versions.some((version, at) => version !== at + 1))
        return [`The history of ${key} has the versions ${versions.join()}.`]
      const problems: string[] = []
      let state = initial
      for (const event of events) {
        const before = state
        state = evolve(before as never, { ...(JSON.parse(event.data) as object), reason: event.reason, outputs: [] } as never)
        problems.push(...judgeStep(key, event, before, state))
      }
      return [...problems, ...againstStore(facts, key, state, events.length)]
    })

/** The events of each case that count. After a lost store others may stand in their place: the later epoch wins. */
export function historiesOf(facts: Facts): ReadonlyMap<string, CaseEvent[]> {
  const known = histories.get(facts)
  if (known !== undefined) return known
  const byCase = Map.groupBy(
    firstsOf(facts).map(({ value }) => value),
    ({ envelope }) => caseOf(envelope),
  )
  const read = new Map([...byCase].map(([key, own]) => [key, standing(own)]))
  histories.set(facts, read)
  return read
}

/** Several checks read them. */
const histories = new WeakMap<Facts, ReadonlyMap<string, CaseEvent[]>>()

function standing(events: readonly CaseEvent[]): CaseEvent[] {
  const dated = events.map((event) => ({ event, version: event.caseVersion, epoch: turnOf(event).epoch }))
  return dated
    .filter((one) => !dated.some((other) => other.epoch > one.epoch && other.version <= one.version))
    .sort((a, b) => a.version - b.version)
    .map(({ event }) => event)
}

/** What an entry says of the turn that it is part of. */
function turnOf({ turn }: CaseEvent): { epoch: number; first: number; seenAs: string | null } {
  return { epoch: 0, first: 0, seenAs: null, ...(JSON.parse(turn ?? '{}') as object) }
}

function judgeStep(key: string, { event, caseVersion }: CaseEvent, before: unknown, after: unknown): string[] {
  const closed = (before as { status: string }).status === 'closed'
  if (closed && !afterTheEnd.has(event)) return [`${key} was closed when ${event} happened to it (${caseVersion}).`]
  if (!changesNothing.has(event)) return []
  return sameBut(before, after) ? [] : [`${event} has changed ${key} (${caseVersion}).`]
}

/** Equal but for the version, which counts every event. */
const sameBut = (before: unknown, after: unknown): boolean =>
  JSON.stringify({ ...(before as object), version: 0 }) === JSON.stringify({ ...(after as object), version: 0 })

function againstStore({ stored }: Facts, key: string, folded: unknown, version: number): string[] {
  const found = stored.get(key)
  if (found === undefined) return [`${key} has a history and is not in the store.`]
  if (found.version !== version) return [`${key} is at version ${found.version} in the store, and at ${version} in its history.`]
  if (found.unpublished > 0) return [`${key} has ${found.unpublished} records that it has not published.`]
  return canonical(found.state) === canonical(folded) ? [] : [`The history of ${key} does not give back its stored state.`]
}

const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )

/** A message leads to one turn of its case, however often it comes. A request that is sent again wants its outcome again. */
export const effectOnce: Check = (facts) =>
  [...historiesOf(facts)].flatMap(([key, events]) => {
    const turns = new Map<string, Set<number>>()
    for (const event of events) {
      const { seenAs, first } = turnOf(event)
      if (seenAs !== null) turns.set(seenAs, (turns.get(seenAs) ?? new Set()).add(first))
    }
    return [...turns]
      .filter(([, firsts]) => firsts.size > 1)
      .map(([seenAs, firsts]) => `${seenAs} has had its effect on ${key} ${firsts.size} times.`)
  })

/** What a case publishes stands in its history before it stands anywhere else. */
export const historyFirst: Check = (facts) => {
  const told = new Set<string>()
  const published = firstSeqs(enveloped(facts))
  return firstsOf(facts).flatMap(({ value, seq }) => {
    const outputs = JSON.parse(value.outputs) as { topic: string; value: { envelope: { messageId: string } } }[]
    const news = outputs.filter(({ value: { envelope } }) => !told.has(envelope.messageId) && told.add(envelope.messageId))
    return news
      .filter(({ value: { envelope } }) => (published.get(envelope.messageId) ?? Infinity) < seq)
      .map(({ topic }) => `${caseOf(value.envelope)} published on ${topic} before its history said so (${value.caseVersion}).`)
  })
}

const firstsOf = (facts: Facts) => firsts(on(facts, caseEvents).map((one) => ({ ...one, envelope: one.value.envelope })))

function firstSeqs(all: readonly { seq: number; envelope: { messageId: string } }[]): Map<string, number> {
  const seqs = new Map<string, number>()
  for (const { seq, envelope } of all) seqs.set(envelope.messageId, Math.min(seq, seqs.get(envelope.messageId) ?? Infinity))
  return seqs
}
