/** Layer 3: text against claims. Every amount, percentage, date and duration in the draft's words must stand in what was agreed. */
import { contentHash, type Finding } from '@concord/contracts'
import { fitting } from './finding.ts'
import { sameTextValue, textValues, type TextValue } from './text-values.ts'
import { denies, sentencesOf } from './words.ts'

/**
 * @param grounds the statements that the text may rest on: agreed claims in words, permitted actions, reasons and obligations.
 * @param draftRef id of the draft's message.
 * @param denied statements of what is not so: their values may be named only to deny them.
 */
export function textFindings(
  text: string,
  grounds: readonly string[],
  draftRef: string,
  denied: readonly string[] = [],
): Finding[] {
  const covered = grounds.flatMap(textValues)
  const refused = denied.flatMap(textValues)
  return textValues(text)
    .filter((value) => !covered.some((ground) => sameTextValue(value, ground)))
    .filter((value) => !(refused.some((ground) => sameTextValue(value, ground)) && denies(sentenceAround(text, value))))
    .map((value) => finding(value, covered, draftRef))
}

function sentenceAround(text: string, { start }: TextValue): string {
  let end = 0
  for (const sentence of sentencesOf(text)) {
    end = text.indexOf(sentence, end) + sentence.length
    if (start < end) return sentence
  }
  return text
}

function finding(value: TextValue, covered: readonly TextValue[], draftRef: string): Finding {
  const known = [...new Set(covered.filter(({ kind }) => kind === value.kind).map(({ text }) => text))]
  const agreed = known.length === 0 ? '' : ` (agreed: ${known.join(', ')})`
  return fitting({
    id: `text:${contentHash([draftRef, value.kind, value.start, value.key])}`,
    layer: 'text',
    kind: `unsupported_${value.kind}`,
    severity: 'major',
    sentence: `The draft says "${value.text}", which nothing that was agreed supports${agreed}.`,
    left: { agent: 'response', ref: draftRef, statement: value.text },
    right: {
      agent: 'coordinator',
      ref: 'agreed',
      statement: known.length === 0 ? `no ${value.kind} was agreed` : known.join(', '),
    },
  })
}
