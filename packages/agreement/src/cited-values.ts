/** Layer 3, closer: a value that stands in cited words must stand in what they cite, not merely somewhere in what was agreed. */
import { contentHash, type Citation, type Finding } from '@concord/contracts'
import { fitting } from './finding.ts'
import { sameTextValue, textValues, type TextValue } from './text-values.ts'

type Span = Pick<Citation, 'start' | 'end' | 'claim'>

/**
 * "60 days for shoes" is found, where 60 days was agreed for furniture and the words cite the claim on shoes.
 * A value outside of every citation is left to `textFindings`.
 * @param statementsOf what the claim, or the ruling, of that id says in words
 */
export function citedValueFindings(
  text: string,
  citations: readonly Span[],
  statementsOf: (id: string) => readonly string[],
  draftRef: string,
): Finding[] {
  return textValues(text).flatMap((value) => {
    const around = citations.filter(({ start, end }) => start <= value.start && value.start + value.text.length <= end)
    const cited = around.flatMap(({ claim }) => statementsOf(claim))
    const supported = cited.flatMap(textValues).some((ground) => sameTextValue(value, ground))
    return around.length === 0 || supported ? [] : [finding(value, around, cited, draftRef)]
  })
}

function finding(value: TextValue, around: readonly Span[], cited: readonly string[], draftRef: string): Finding {
  const claims = [...new Set(around.map(({ claim }) => claim))].join(', ')
  return fitting({
    id: `text:${contentHash([draftRef, 'cited', value.kind, value.start, value.key])}`,
    layer: 'text',
    kind: `misattributed_${value.kind}`,
    severity: 'major',
    sentence: `The draft says "${value.text}" and cites ${claims} for it, which says otherwise: "${cited.join(' ')}"`,
    left: { agent: 'response', ref: draftRef, statement: value.text },
    right: { agent: 'coordinator', ref: around[0]?.claim ?? 'none', statement: cited.join(' ') },
  })
}
