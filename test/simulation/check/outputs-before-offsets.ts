/** Invariant 3: an offset is committed only when all that its message caused stands in the log. */
import {
  actionResults,
  caseEvents,
  drafts,
  failures,
  knowledge,
  policy,
  requests,
  reworks,
  triaged,
  type Rework,
} from '@concord/contracts'
import type { Appended, Committed } from '../evidence.ts'
import { caseOf, envelopeOf, header, on, placeOf, type Check, type Facts } from './facts.ts'
import { idOf } from './order.ts'

/** What each agent answers with. */
const answerTopics: Readonly<Record<string, { name: string }>> = {
  triage: triaged,
  knowledge,
  policy,
  response: drafts,
  executor: actionResults,
}
export const outputsBeforeOffsets: Check = (facts) => {
  const answered = answersOf(facts)
  const recorded = recordedInputs(facts)
  const letters = lettersOf(facts)
  return covered(facts).flatMap(({ one, commit }) => {
    const before = (seq: number | undefined): boolean => seq !== undefined && seq < commit.seq
    if (before(letters.get(`${commit.group} ${placeOf(one)}`))) return []
    if (one.value === null)
      return commit.group === 'triage'
        ? []
        : [`${commit.group} committed ${placeOf(one)}, which nobody could read, without a dead letter.`]
    const id = idOf(one)
    const done = commit.group === 'coordinator' ? recorded.get(id ?? '') : answered.get(`${commit.group} ${id}`)
    if (before(done) || needsNothing(facts, one, commit)) return []
    return [`${commit.group} committed past ${placeOf(one)} (${commit.by}) before what it caused was in the log.`]
  })
}

/** Each record with the first commit of a group that covers it. */
function covered({ appended, committed }: Facts): { one: Appended; commit: Committed }[] {
  const places = Map.groupBy(appended, ({ record }) => `${record.topic}/${record.partition}`)
  return [...Map.groupBy(committed, (one) => `${one.group} ${one.topic}/${one.partition}`).values()].flatMap((commits) => {
    let next = 0
    return commits.flatMap((commit) => {
      const records = places.get(`${commit.topic}/${commit.partition}`) ?? []
      const fresh = records.filter(({ record }) => record.offset >= next && record.offset < commit.offset)
      next = Math.max(next, commit.offset)
      return fresh.map((one) => ({ one, commit }))
    })
  })
}

/** When each agent's answer to an input came into the log: an output, or a failure. */
function answersOf(facts: Facts): Map<string, number> {
  const first = new Map<string, number>()
  for (const one of facts.appended) {
    const envelope = envelopeOf(one)
    const agent = envelope?.madeBy.agent ?? ''
    if (envelope === null || ![answerTopics[agent]?.name, failures.name].includes(one.record.topic)) continue
    for (const { id } of envelope.basedOn) {
      const key = `${agent} ${id}`
      first.set(key, Math.min(one.seq, first.get(key) ?? Infinity))
    }
  }
  return first
}

/** When the history of each input's effect on its case, and all that it published, was in the log. */
function recordedInputs(facts: Facts): Map<string, number> {
  const published = new Map<string, number>()
  for (const one of facts.appended) {
    const id = envelopeOf(one)?.messageId
    if (id !== undefined) published.set(id, Math.min(one.seq, published.get(id) ?? Infinity))
  }
  const recorded = new Map<string, number>()
  for (const { value, seq } of on(facts, caseEvents)) {
    const outputs = JSON.parse(value.outputs) as { value: { envelope: { messageId: string } } }[]
    const last = Math.max(seq, ...outputs.map((output) => published.get(output.value.envelope.messageId) ?? Infinity))
    for (const { id } of value.inputs) recorded.set(id, Math.min(last, recorded.get(id) ?? Infinity))
  }
  return recorded
}

function lettersOf(facts: Facts): Map<string, number> {
  const letters = new Map<string, number>()
  for (const one of facts.appended) {
    const topic = header(one, 'x-original-topic')
    if (topic === undefined) continue
    const place = `${topic}/${header(one, 'x-original-partition')}@${header(one, 'x-original-offset')}`
    const key = `${header(one, 'x-consumer-group')} ${place}`
    letters.set(key, Math.min(one.seq, letters.get(key) ?? Infinity))
  }
  return letters
}

/** Reworks for others, work whose time is over, and messages that change nothing in a case. */
function needsNothing(facts: Facts, one: Appended, { group, at }: Committed): boolean {
  const { topic } = one.record
  if (group === 'coordinator') return changesNothing(facts, one)
  if (topic === reworks.name && (one.value as Rework).agent !== group) return true
  const deadline =
    envelopeOf(one)?.deadline ?? (one.value as { deadline?: number | null }).deadline ?? one.record.timestamp + 60_000
  return deadline <= at
}

/** Once more the request of an open case; and what answers the coordinator where it knows of no case. */
function changesNothing(facts: Facts, one: Appended): boolean {
  if (one.record.topic === requests.name)
    return on(facts, requests).some((other) => other.seq < one.seq && idOf(other) === idOf(one))
  const envelope = envelopeOf(one)
  return envelope !== null && !facts.stored.has(caseOf(envelope))
}
