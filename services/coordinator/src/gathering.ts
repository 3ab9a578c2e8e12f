/** From triage to the brief: joins knowledge and policy, whichever comes first. */
import type { Knowledge, Policy, Triage } from '@concord/contracts'
import type { Received } from './case.ts'
import type { Course } from './course.ts'
import { closeCase, escalate, openState } from './ending.ts'
import { brief, briefOutput, type Making } from './messages.ts'
import { sort, weigh, type BriefContent } from './weigh.ts'

export function triageArrived(making: Making, so: Course, { id, hash, value }: Received<Triage>): Course {
  const triaged = so.then({ type: 'triaged', triage: { id, hash, value }, reason: describeTriage(value), outputs: [] })
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
  const filed = so.then(
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
  if (file.done.length > 0) {
    return escalate(
      making,
      so,
      'partly_done',
      'One of several actions was carried out and another met a record that had changed.',
    )
  }
  const weighed = weigh(making.desk, file)
  const compared = so.then({
    type: 'compared',
    findings: weighed.findings,
    reason: weighed.findings.length === 0 ? 'The agents agree.' : weighed.findings.map(({ sentence }) => sentence).join(' '),
    outputs: [],
  })
  return weighed.way === 'person'
    ? escalate(making, compared, weighed.reason, weighed.summary)
    : askForDraft(making, compared, weighed.content)
}

/** Publishes a brief of the next revision. */
export function askForDraft(making: Making, so: Course, content: BriefContent): Course {
  const { file } = openState(so)
  const revision = file.brief === null ? file.revisions.response : file.revisions.response + 1
  const made = brief(making, file, content, revision)
  const asks = content.objections.length > 0 ? `revise it, with ${content.objections.length} objections` : 'draft a reply'
  const reason = `Response is asked to ${asks}: ${content.claims.length} claims, ${content.permitted.length} permitted actions.`
  return so.then({ type: 'briefed', brief: made, reason, outputs: [briefOutput(made)] })
}
