/** Invariant 1: every request ends once. */
import { caseFacts, replies, requests, type Request } from '@concord/contracts'
import { caseOf, on, type Check, type Facts } from './facts.ts'

const reused = 'request_id_reused'

export const endsOnce: Check = (facts) => {
  const problems: string[] = []
  for (const [key, hashes] of asked(facts)) {
    const ends = on(facts, replies)
      .map(({ value }) => value)
      .filter(({ envelope, outcome }) => caseOf(envelope) === key && outcome !== 'escalated')
    for (const hash of hashes) {
      const ids = new Set(ends.filter(({ envelope }) => envelope.requestHash === hash).map(({ envelope }) => envelope.messageId))
      if (ids.size !== 1) problems.push(`${key} with content ${hash.slice(0, 8)} has ${ids.size} outcomes.`)
    }
    const taken = new Set(ends.filter(({ reason }) => reason !== reused).map(({ envelope }) => envelope.requestHash))
    if (taken.size > 1) problems.push(`${key} was answered for ${taken.size} different contents.`)
  }
  return problems
}

/** The contents that stand in the log under each request id. */
function asked(facts: Facts): Map<string, Set<string>> {
  const byCase = new Map<string, Set<string>>()
  for (const { value, record } of on(facts, requests)) {
    const key = caseOf(value)
    byCase.set(key, (byCase.get(key) ?? new Set()).add(hashOf(value, record.timestamp)))
  }
  return byCase
}

const hashOf = (request: Request, timestamp: number): string => caseFacts(request, { timestamp }).requestHash
