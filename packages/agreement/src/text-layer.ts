/** Layer 3: text against claims. Every amount, percentage, date and duration in the draft's words must stand in what was agreed. */
import { contentHash, type Finding } from '@concord/contracts'
import { sameTextValue, textValues, type TextValue } from './text-values.ts'

/**
 * @param grounds the statements that the text may rest on: agreed claims in words, permitted actions, reasons and obligations.
 * @param draftRef id of the draft's message.
 */
export function textFindings(text: string, grounds: readonly string[], draftRef: string): Finding[] {
  const covered = grounds.flatMap(textValues)
  return textValues(text)
    .filter((value) => !covered.some((ground) => sameTextValue(value, ground)))
    .map((value) => finding(value, covered, draftRef))
}

function finding(value: TextValue, covered: readonly TextValue[], draftRef: string): Finding {
  const known = [...new Set(covered.filter(({ kind }) => kind === value.kind).map(({ text }) => text))]
  return {
    id: `text:${contentHash([draftRef, value.kind, value.start, value.key])}`,
    layer: 'text',
    kind: `unsupported_${value.kind}`,
    severity: 'major',
    sentence:
      `The draft says "${value.text}", which nothing that was agreed supports${known.length === 0 ? '' : ` (agreed: ${known.join(', ')})`}.`.slice(
        0,
        2_000,
      ),
    left: { agent: 'response', ref: draftRef, statement: value.text },
    right: {
      agent: 'coordinator',
      ref: 'agreed',
      statement: known.length === 0 ? `no ${value.kind} was agreed` : known.join(', '),
    },
    settledBy: null,
  }
}
