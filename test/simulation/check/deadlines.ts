/** A deadline speaks last: a case does not expire while what was said of it in time stands in the log unread. */
import { actionResults, decisions, drafts, failures, knowledge, policy, triaged, type CaseEvent } from '@concord/contracts'
import { caseOf, enveloped, type Check } from './facts.ts'
import { historiesOf } from './journal.ts'

/** What the coordinator reads, requests aside: of them a case may have several, and any opens it. */
const heard = new Set([triaged, knowledge, policy, drafts, failures, actionResults, decisions].map(({ name }) => name))

export const deadlinesLast: Check = (facts) => {
  const said = enveloped(facts).filter(({ record }) => heard.has(record.topic))
  const byCase = Map.groupBy(said, ({ envelope }) => caseOf(envelope))
  return [...historiesOf(facts)].flatMap(([key, events]) => {
    const end = events.findIndex(isExpiry)
    const expiry = events[end]
    if (expiry === undefined) return []
    const read = new Set(events.slice(0, end).flatMap(({ inputs }) => inputs.map(({ id }) => id)))
    const { deadline, requestHash } = expiry.envelope
    return (byCase.get(key) ?? [])
      .filter(({ record, envelope }) => record.timestamp < deadline && envelope.requestHash === requestHash)
      .filter(({ envelope }) => !read.has(envelope.messageId))
      .map(({ record }) => `${key} expired while a message on ${record.topic} had stood in the log in time.`)
  })
}

/** Closed by the passing of time, not by a message. */
const isExpiry = ({ event, inputs, data }: CaseEvent): boolean =>
  event === 'closed' && inputs.length === 0 && data.includes('"outcome":"expired"')
