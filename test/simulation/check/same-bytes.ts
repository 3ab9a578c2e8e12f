/**
 * Invariant 1 again: what has one id has one content, byte for byte. An agent whose memory was lost with the store may find other words: its
 * first content wins at whoever reads it.
 */
import { decisions } from '@concord/contracts'
import { enveloped, placeOf, type Check } from './facts.ts'

export const sameBytes: Check = (facts) => {
  const lost = facts.disturbances.some(({ kind }) => kind === 'store-lost')
  const firsts = new Map<string, { bytes: Buffer | null; place: string }>()
  const problems: string[] = []
  for (const one of enveloped(facts)) {
    const { record, envelope } = one
    if (record.topic === decisions.name) continue // people, who are not held to it
    if (lost && envelope.madeBy.agent !== 'coordinator') continue
    const id = `${record.topic} ${envelope.tenantId} ${envelope.messageId}`
    const first = firsts.get(id)
    if (first === undefined) firsts.set(id, { bytes: record.value, place: placeOf(one) })
    else if (!equal(first.bytes, record.value))
      problems.push(`${placeOf(one)} has the id of ${first.place} (${envelope.requestId}) and says something else.`)
  }
  return problems
}

const equal = (a: Buffer | null, b: Buffer | null): boolean => a === b || (a !== null && b !== null && a.equals(b))
