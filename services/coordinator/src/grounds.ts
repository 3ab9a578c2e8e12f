/** What a text may rest on, in words. Pure. */
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
    ...claims(file, 'affirmed').map((claim) => desk.describe(claim)),
    ...permitted.map((verdict) => desk.promise(verdict)),
    ...verdicts.map(({ reason }) => reason),
    ...permitted.flatMap(({ obligations }) => obligations.map(({ text }) => text)),
  ]
}

/** What is agreed not to be so. */
export const denials = (desk: Desk, file: CaseFile): string[] => claims(file, 'denied').map((claim) => desk.describe(claim))

function claims({ brief, knowledge, policy }: CaseFile, polarity: Claim['polarity']): Claim[] {
  const held = brief?.value.claims ?? [...(knowledge?.value.claims ?? []), ...(policy?.value.claims ?? [])]
  return held.filter((claim) => claim.polarity === polarity)
}
