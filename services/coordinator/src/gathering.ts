/** From triage to the brief: joins knowledge and policy, whichever comes first. */
import type { Knowledge, Policy, Triage } from '@concord/contracts'
import { assumptionFindings } from '@concord/agreement'
import type { CaseFile, Received } from './case.ts'
import type { Course } from './course.ts'
import { closeCase, escalate, openState } from './ending.ts'
import { brief, briefOutput, type Making } from './messages.ts'
import { askAgain, type Change } from './reworking.ts'
import { sort, weigh, type BriefContent } from './weigh.ts'

export function triageArrived(making: Making, so: Course, { id, hash, value }: Received<Triage>): Course {
  const triaged = so.add({ type: 'triaged', triage: { id, hash, value }, reason: describeTriage(value), outputs: [] })
  const state = openState(triaged)
  if (state.status === 'escalated') return triaged
  const sorted = sort(making.desk, value)
  switch (sorted.way) {
    case 'gather':
      return weighWhenComplete(making, triaged)
    case 'decline':
      return closeCase(making, triaged, { outcome: 'declined', reason: sorted.reason, text: sorted.text, decidedBy: 'rules' })
    case 'person':
      return escalate(making, triaged, sorted.reason, sorted.summary)
  }
}

const describeTriage = ({ intent, confidence, riskFlags }: Triage): string =>
  `Triage reads ${intent ?? 'no known intent'} (confidence ${confidence.toFixed(2)})${riskFlags.length > 0 ? `, flags: ${riskFlags.join(', ')}` : ''}.`

type Gathered = ({ noun: 'knowledge' } & Received<Knowledge>) | ({ noun: 'policy' } & Received<Policy>)

/** Files what knowledge or policy says. A case that waits for a person keeps it as evidence and goes no further. */
export function gathered(making: Making, so: Course, input: Gathered): Course {
  const filed = so.add(
    input.noun === 'knowledge'
      ? {
          type: 'informed',
          knowledge: { id: input.id, hash: input.hash, value: input.value },
          reason: `Knowledge makes ${input.value.claims.length} claims from ${input.value.passages.length} passages.`,
          outputs: [],
        }
      : {
          type: 'ruled',
          policy: { id: input.id, hash: input.hash, value: input.value },
          reason: describeRuling(input.value),
          outputs: [],
        },
  )
  return openState(filed).status === 'gathering' ? weighWhenComplete(making, filed) : filed
}

function describeRuling({ verdicts, missing }: Policy): string {
  const rulings = verdicts.map(({ action, subject, effect, rule }) => `${effect} ${action} for ${subject} (${rule})`)
  const lacks = missing.length > 0 ? ` Missing: ${missing.join(', ')}.` : ''
  return `Policy rules: ${rulings.length > 0 ? rulings.join('; ') : 'no action is asked for'}.${lacks}`
}

function weighWhenComplete(making: Making, so: Course): Course {
  const { file } = openState(so)
  if (file.triage === null || file.knowledge === null || file.policy === null) return so
  const stale = staleAnswer(file)
  if (stale !== null) return askAgain(making, so, stale.agent, stale)
  const weighed = weigh(making, file)
  const compared = so.add({
    type: 'compared',
    findings: weighed.findings,
    reason: weighed.findings.length === 0 ? 'The agents agree.' : weighed.findings.map(({ sentence }) => sentence).join(' '),
    outputs: [],
  })
  return weighed.way === 'person'
    ? escalate(making, compared, weighed.reason, weighed.summary)
    : askForDraft(making, compared, weighed.content)
}

/** Layer 4 before anything is weighed: an answer to another triage than the one that stands is asked for again. */
function staleAnswer({ triage, knowledge, policy, replaced }: CaseFile): (Change & { agent: 'knowledge' | 'policy' }) | null {
  const standing = new Map(
    [triage, knowledge, policy].flatMap((paper) => (paper === null ? [] : [[paper.id, paper.hash] as const])),
  )
  for (const [agent, answer] of [['knowledge', knowledge] as const, ['policy', policy] as const]) {
    if (answer === null) continue
    const rested = { agent, id: answer.id, basedOn: answer.value.envelope.basedOn }
    const findings = assumptionFindings(rested, standing, new Set(replaced)).slice(0, 50)
    if (findings.length > 0) {
      const changed = findings.map(({ right }) => right.ref)
      return {
        agent,
        findings: findings.map((finding) => ({ ...finding, settledBy: 'rework' })),
        why: `What ${agent} rested on has changed.`,
        changed,
      }
    }
  }
  return null
}

/** Publishes a brief of the next revision. */
export function askForDraft(making: Making, so: Course, content: BriefContent): Course {
  const { file } = openState(so)
  const revision = file.brief === null ? file.revisions.response : file.revisions.response + 1
  const made = brief(making, file, content, revision)
  const asks = content.objections.length > 0 ? `revise it, with ${content.objections.length} objections` : 'draft a reply'
  const reason = `Response is asked to ${asks}: ${content.claims.length} claims, ${content.permitted.length} permitted actions.`
  return so.add({ type: 'briefed', brief: made, reason, outputs: [briefOutput(made)] })
}
