/** Builds what a reviewer is shown. */
import { clipped } from '@concord/agreement'
import { contentHash, escalations, type Escalation } from '@concord/contracts'
import type { CaseFile } from './case.ts'
import type { CaseOutput } from './events.ts'
import { basis, envelopeFor, type Making } from './messages.ts'
import { withinBytes } from './sizes.ts'

/** Hash over what a reviewer is shown: deciding on anything else is refused. */
export function shownHash(shown: Pick<Escalation, 'draft' | 'commitments' | 'verdicts' | 'findings'>): string {
  const { draft, commitments, verdicts, findings } = shown
  return contentHash({ draft, commitments, verdicts, findings })
}

/** @param content `caseVersion` is the one after the escalation: the version that a decision must name. */
export function escalation(
  making: Making,
  file: CaseFile,
  content: { reason: string; summary: string; consequence: string; caseVersion: number },
): Escalation {
  const draft = file.draft?.value
  const shown = {
    findings: withinBytes(openFirst(file.findings), 40_000).slice(0, 100),
    draft: draft?.text ?? null,
    commitments: draft?.commitments ?? [],
    verdicts: withinBytes(file.policy?.value.verdicts ?? [], 50_000),
  }
  const rests = basis(file.triage, file.knowledge, file.policy, file.draft)
  return {
    envelope: envelopeFor(making, file.envelope, 'escalations', file.escalations, rests),
    reason: content.reason,
    summary: clipped(content.summary, 2_000),
    consequence: clipped(content.consequence, 1_000),
    citations: withinBytes(draft?.citations ?? [], 30_000),
    ...shown,
    caseVersion: content.caseVersion,
    shownHash: shownHash(shown),
    slaAt: making.now + making.desk.slaMs(content.reason),
  }
}

/** What still stands comes before what was settled. */
const openFirst = (findings: Escalation['findings']): Escalation['findings'] => [
  ...findings.filter(({ settledBy }) => settledBy === null),
  ...findings.filter(({ settledBy }) => settledBy !== null),
]

export const escalationOutput = (value: Escalation): CaseOutput => ({ topic: escalations, value })
