/** Layer 1 over time: what the customer was told earlier in the conversation, against what is agreed now. */
import { contentHash, type Claim, type Finding, type Turn } from '@concord/contracts'
import type { Describe } from './claims-layer.ts'
import { sameTextValue, textValues } from './text-values.ts'
import { mentions } from './words.ts'

/**
 * Finds sentences of our own earlier turns that state another amount, percentage, date or duration for what a claim states.
 * A sentence is about the claim when it holds every word of the claim that carries meaning: one word may be what tells two cases apart.
 */
export function toldOtherwise(history: readonly Turn[], agreed: readonly Claim[], describe: Describe): Finding[] {
  const told = history.filter(({ role }) => role === 'agent').flatMap(({ text }) => sentencesOf(text))
  return agreed
    .filter(({ polarity, predicate }) => polarity === 'affirmed' && predicate !== 'says')
    .flatMap((claim) =>
      told
        .filter((sentence) => contradicts(sentence, describe(claim)))
        .map((sentence) => finding(claim, sentence, describe(claim))),
    )
}

const sentencesOf = (text: string): string[] => text.split(/(?<=[.!?])\s+|\n+/u).filter((sentence) => sentence.trim() !== '')

function contradicts(sentence: string, statement: string): boolean {
  const now = textValues(statement)
  const then = textValues(sentence)
  if (now.length === 0 || !mentions(withoutValues(sentence), withoutValues(statement), 1)) return false
  return now.every((value) => {
    const comparable = then.filter(({ kind }) => kind === value.kind)
    return comparable.length > 0 && !comparable.some((other) => sameTextValue(value, other))
  })
}

/** The words between the values. */
function withoutValues(text: string): string {
  return textValues(text).reduceRight(
    (rest, { start, text: value }) => rest.slice(0, start) + rest.slice(start + value.length),
    text,
  )
}

const finding = (claim: Claim, sentence: string, statement: string): Finding => ({
  id: `claims:${contentHash(['told', claim.id, sentence])}`,
  layer: 'claims',
  kind: 'told_otherwise',
  severity: 'major',
  sentence:
    `The customer was told earlier "${sentence}", but now it is "${statement}" (${claim.source.kind} ${claim.source.ref}).`.slice(
      0,
      2_000,
    ),
  left: { agent: 'earlier reply', ref: 'history', statement: sentence.slice(0, 4_000) },
  right: { agent: claim.source.kind, ref: claim.id, statement },
  settledBy: null,
})
