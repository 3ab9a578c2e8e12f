/** How often triage agrees with a file that carries the right label as `intent`. */
import type { Triage } from '@concord/contracts'
import type { Domain } from '@concord/domain'
import type { LogEntry } from '../log/entry.ts'

export interface Accuracy {
  labelled: number
  right: number
  accuracy: number
}

/** Labels are mapped by the domain's aliases. @returns null when no request carries a label that the domain maps. */
export function accuracy(domain: Domain, entries: readonly LogEntry[]): Accuracy | null {
  const intentOf = new Map(
    [...domain.intents.values()].flatMap(({ id, aliases }) => [id, ...aliases].map((label) => [label, id] as const)),
  )
  const judged = entries
    .filter(({ noun }) => noun === 'triage')
    .flatMap(({ value }) => {
      const triage = value as unknown as Triage
      const label = triage.envelope.request.metadata['intent']
      const expected = label === undefined ? undefined : intentOf.get(label)
      return expected === undefined ? [] : [triage.intent === expected]
    })
  if (judged.length === 0) return null
  const right = judged.filter(Boolean).length
  return { labelled: judged.length, right, accuracy: right / judged.length }
}
