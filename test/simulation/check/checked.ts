/** Invariant 2: a reply is released only with its checks passed, on the very messages that it rests on. */
import {
  briefs,
  decisions,
  drafts,
  knowledge,
  messageHash,
  policy,
  replies,
  triaged,
  type Brief,
  type CaseEvent,
  type Draft,
  type Reply,
  type Topic,
} from '@concord/contracts'
import { caseOf, enveloped, firsts, on, type Check, type Facts } from './facts.ts'
import { historiesOf } from './journal.ts'

/** What the domain can say in words of what was agreed. */
export interface Words {
  describe(claim: Brief['claims'][number]): string
  promise(verdict: Brief['permitted'][number]): string
  /** What people's refusals say when they say nothing themselves. */
  rejectedByPerson: string
}

export const checked =
  (words: Words): Check =>
  (facts) => {
    const histories = historiesOf(facts)
    return finalReplies(facts).flatMap((reply) => {
      const history = histories.get(caseOf(reply.envelope)) ?? []
      const problems = [
        ...standsAsNamed(facts, reply),
        ...(reply.decidedBy === 'agents' ? byAgents(facts, reply, history, words) : byPerson(facts, reply, words)),
      ]
      return problems.map((problem) => `The reply to ${reply.envelope.requestId}: ${problem}`)
    })
  }

/** What says something that somebody wrote. */
function finalReplies(facts: Facts): Reply[] {
  const all = on(facts, replies).map((one) => ({ ...one, envelope: one.value.envelope }))
  return firsts(all)
    .map(({ value }) => value)
    .filter(({ outcome, text, decidedBy }) => outcome !== 'escalated' && text !== null && decidedBy !== 'rules')
}

/** Topics whose messages a reply rests on. */
const bases = new Set([triaged, knowledge, policy, briefs, drafts].map(({ name }) => name))

/** Every message that the reply names stands in the log with that very content. */
function standsAsNamed(facts: Facts, { envelope }: Reply): string[] {
  const resting = enveloped(facts).filter(({ record }) => bases.has(record.topic))
  const standing = new Set(resting.map(({ envelope: own, value }) => `${own.messageId} ${messageHash(value as object)}`))
  return envelope.basedOn
    .filter(({ id, hash }) => !standing.has(`${id} ${hash}`))
    .map(({ id }) => `it rests on ${id}, which does not stand so.`)
}

function byAgents(facts: Facts, reply: Reply, history: readonly CaseEvent[], words: Words): string[] {
  const named = new Set(reply.envelope.basedOn.map(({ id }) => id))
  const draft = messageOf(facts, drafts, named)
  const brief = messageOf(facts, briefs, named)
  if (draft === null || brief === null) return reply.reason === 'agreed' ? ['it rests on no draft.'] : []
  return [
    ...(draft.text === reply.text ? [] : ['its text is not the one that was checked.']),
    ...(passed(history, draft.envelope.messageId) ? [] : ['its draft has not passed the checks last of all.']),
    ...citations(reply, brief, draft),
    ...numbersWithoutGround(reply, brief, words),
  ]
}

/** After the draft came its check, without a finding, and nothing that it rests on was replaced since. */
function passed(history: readonly CaseEvent[], draftId: string): boolean {
  const drafted = history.findLastIndex(({ event, data }) => event === 'drafted' && data.includes(draftId))
  const check = history[drafted + 1]
  const since = history.slice(drafted + 2)
  const clean = check?.event === 'checked' && !check.data.includes('"settledBy":null')
  return (
    drafted >= 0 &&
    clean &&
    !since.some(({ event }) => ['informed', 'ruled', 'triaged', 'briefed', 'drafted', 'rework_asked'].includes(event))
  )
}

function citations({ text, citations: cited }: Reply, brief: Brief, draft: Draft): string[] {
  const known = new Set([...brief.claims, ...brief.permitted, ...brief.forbidden, ...draft.claims].map(({ id }) => id))
  return cited
    .filter(({ start, end, claim }) => start >= end || end > (text ?? '').length || !known.has(claim))
    .map(({ start, end, claim }) => `its citation ${start} to ${end} of ${claim} leads nowhere.`)
}

const numbers = (text: string): string[] => text.match(/\d+/g) ?? []

/** No number is said that nobody had agreed on. */
function numbersWithoutGround({ text }: Reply, brief: Brief | null, words: Words): string[] {
  if (brief === null) return numbers(text ?? '').length === 0 ? [] : ['it says a number, and nobody had agreed on anything.']
  const verdicts = [...brief.permitted, ...brief.forbidden]
  const grounds = [
    ...brief.claims.map((claim) => words.describe(claim)),
    ...verdicts.flatMap(({ reason, subject, obligations }) => [reason, subject, ...obligations.map((one) => one.text)]),
    ...brief.permitted.map((verdict) => words.promise(verdict)),
  ]
  const allowed = new Set(numbers(grounds.join('\n')))
  return numbers(text ?? '')
    .filter((number) => !allowed.has(number))
    .map((number) => `it says ${number}, on which nobody had agreed.`)
}

/** What a person releases is the draft that they were shown, or what they wrote; and that promises no more than was agreed. */
function byPerson(facts: Facts, reply: Reply, words: Words): string[] {
  const own = on(facts, decisions).filter(
    ({ value }) => caseOf(value.envelope) === caseOf(reply.envelope) && value.reviewer === reply.decidedBy,
  )
  if (own.length > 0 && reply.text === words.rejectedByPerson) return []
  const named = new Set(reply.envelope.basedOn.map(({ id }) => id))
  const texts = [...own.map(({ value }) => value.text), messageOf(facts, drafts, named)?.text]
  const written = own.length > 0 && texts.includes(reply.text) ? [] : [`${reply.decidedBy} has not written or approved it.`]
  return [...written, ...numbersWithoutGround(reply, messageOf(facts, briefs, named), words)]
}

/** The message of one of these ids. */
function messageOf<T extends { envelope: Reply['envelope'] }>(
  facts: Facts,
  topic: Topic<string, T>,
  ids: ReadonlySet<string>,
): T | null {
  return on(facts, topic).find(({ value }) => ids.has(value.envelope.messageId))?.value ?? null
}
