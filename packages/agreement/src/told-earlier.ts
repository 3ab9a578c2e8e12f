/** Layer 1 over time: what the customer was told earlier in the conversation, against what is agreed now. */
import { contentHash, type Claim, type Finding, type Turn } from '@concord/contracts'
import type { Describe } from './claims-layer.ts'
import { clipped, fitting } from './finding.ts'
import { sameTextValue, textValues, type TextValue } from './text-values.ts'
import { contentWords, sentencesOf, withoutValues } from './words.ts'

/** A sentence with its values, and its words beside them. */
interface Read {
  text: string
  values: readonly TextValue[]
  words: ReadonlySet<string>
}

/**
 * Finds sentences of our own earlier turns that state another amount, percentage, date or duration for what a claim states.
 * A sentence is about the claim when it holds every word of the claim that carries meaning: one word may be what tells two cases apart.
 */
export function toldOtherwise(history: readonly Turn[], agreed: readonly Claim[], describe: Describe): Finding[] {
  const told = history
    .filter(({ role }) => role === 'agent')
    .flatMap(({ text }) => sentencesOf(text))
    .map(read)
    .filter(({ values }) => values.length > 0)
  return agreed
    .filter(({ polarity, predicate }) => polarity === 'affirmed' && predicate !== 'says')
    .flatMap((claim) => {
      const now = read(describe(claim))
      return told.filter((sentence) => contradicts(sentence, now)).map((sentence) => finding(claim, sentence.text, now.text))
    })
}

const read = (text: string): Read => ({ text, values: textValues(text), words: new Set(contentWords(withoutValues(text))) })

function contradicts(then: Read, now: Read): boolean {
  if (now.values.length === 0 || ![...now.words].every((word) => then.words.has(word))) return false
  return now.values.every((value) => {
    const comparable = then.values.filter(({ kind }) => kind === value.kind)
    return comparable.length > 0 && !comparable.some((other) => sameTextValue(value, other))
  })
}

const finding = (claim: Claim, sentence: string, statement: string): Finding =>
  fitting({
    id: `claims:${contentHash(['told', claim.id, sentence])}`,
    layer: 'claims',
    kind: 'told_otherwise',
    severity: 'major',
    sentence: `The customer was told earlier "${clipped(sentence, 800)}", but now it is "${clipped(statement, 800)}" (${claim.source.kind} ${claim.source.ref}).`,
    left: { agent: 'earlier reply', ref: 'history', statement: sentence },
    right: { agent: claim.source.kind, ref: claim.id, statement },
  })
