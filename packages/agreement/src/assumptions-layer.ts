/** Layer 4: an output rests on a message, claim or record version that has since been replaced. */
import { contentHash, type Basis, type Finding } from '@concord/contracts'
import { fitting } from './finding.ts'

/** An output and what it assumed. */
export interface Rested {
  agent: string
  id: string
  basedOn: readonly Basis[]
}

/**
 * @param standing hash of every message and claim that stands now, by id.
 * @param replaced ids that stood once and do not any more.
 */
export function assumptionFindings(
  output: Rested,
  standing: ReadonlyMap<string, string>,
  replaced: ReadonlySet<string>,
): Finding[] {
  return output.basedOn.flatMap((basis) => {
    const now = standing.get(basis.id)
    const changed = now !== undefined && now !== basis.hash
    if (!changed && !(now === undefined && replaced.has(basis.id))) return []
    const sentence = `${output.agent}'s output rests on ${basis.id}, which has been ${changed ? 'changed' : 'replaced'} since.`
    return [
      fitting({
        id: `assumptions:${contentHash([output.id, basis.id, basis.hash])}`,
        layer: 'assumptions',
        kind: 'stale_basis',
        severity: 'major',
        sentence,
        left: { agent: output.agent, ref: output.id, statement: `assumed ${basis.id} as ${basis.hash}` },
        right: { agent: 'coordinator', ref: basis.id, statement: changed ? `now ${now}` : 'no longer stands' },
      }),
    ]
  })
}
