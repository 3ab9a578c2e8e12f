/** What a text may rest on, in words. Pure. */
import { notOutranked } from '@concord/agreement'
import type { Claim } from '@concord/contracts'
import type { CaseFile } from './case.ts'
import type { Desk } from './desk.ts'
import { ruledOn } from './weigh.ts'

/** Everything that was agreed, or before a brief, what a person has before them. */
export function grounds(desk: Desk, file: CaseFile): string[] {
  const brief = file.brief?.value
  const verdicts = brief === undefined ? ruledOn(file) : [...brief.permitted, ...brief.forbidden]
  const permitted = verdicts.filter(({ effect }) => effect !== 'forbid')
  return [
    ...claims(desk, file, 'affirmed').map((claim) => desk.describe(claim)),
    ...permitted.map((verdict) => desk.promise(verdict)),
    ...verdicts.map(({ reason }) => reason),
    ...permitted.flatMap(({ obligations }) => obligations.map(({ text }) => text)),
  ]
}

/** What is agreed not to be so. */
export const denials = (desk: Desk, file: CaseFile): string[] => claims(desk, file, 'denied').map((claim) => desk.describe(claim))

/** What the claim, or the ruling, of that id says in words: what words that cite it may say. */
export function statementsOf(desk: Desk, { brief }: CaseFile, id: string): string[] {
  const claim = brief?.value.claims.find((held) => held.id === id)
  if (claim !== undefined) return [desk.describe(claim)]
  const verdict = [...(brief?.value.permitted ?? []), ...(brief?.value.forbidden ?? [])].find((ruled) => ruled.id === id)
  if (verdict === undefined) return []
  const promised = verdict.effect === 'forbid' ? [] : [desk.promise(verdict), ...verdict.obligations.map(({ text }) => text)]
  return [verdict.reason, ...promised]
}

function claims(desk: Desk, file: CaseFile, polarity: Claim['polarity']): Claim[] {
  const held = file.brief?.value.claims ?? undisputed(desk, file)
  return held.filter((claim) => claim.polarity === polarity)
}

/** Before a brief, a person may rest on what nothing of more authority contradicts. */
function undisputed(desk: Desk, { knowledge, policy }: CaseFile): Claim[] {
  const claimed = [
    ...(knowledge?.value.claims ?? []).map((claim) => ({ agent: 'knowledge', claim })),
    ...(policy?.value.claims ?? []).map((claim) => ({ agent: 'policy', claim })),
  ]
  return notOutranked(claimed, desk.vocabulary, desk.describe).map(({ claim }) => claim)
}
