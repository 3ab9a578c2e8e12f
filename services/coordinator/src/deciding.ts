/** What a person decides, on exactly what they were shown. What they write passes the same checks. */
import type { Decision, Finding } from '@concord/contracts'
import { act } from './acting.ts'
import type { CaseState } from './case.ts'
import { checkUtterance } from './check.ts'
import type { Course } from './course.ts'
import { closeCase } from './ending.ts'
import { shownHash, type Making } from './messages.ts'
import { sentences } from './weigh.ts'

type Escalated = Extract<CaseState, { status: 'escalated' }>

export function personDecides(making: Making, so: Course, state: Escalated, decision: Decision): Course {
  const { reviewer } = decision
  const problem = stale(state, decision)
  if (problem !== null) return refuse(so, reviewer, problem, [])
  switch (decision.decision) {
    case 'approve': {
      const draft = state.file.draft?.value
      if (draft === undefined)
        return refuse(so, reviewer, 'There is no draft to approve. Write the reply with edit, or reject.', [])
      return releaseText(making, so, state, decision, draft.text, draft.commitments)
    }
    case 'edit':
    case 'respond': {
      if (decision.text === null) return refuse(so, reviewer, `A decision to ${decision.decision} needs a text.`, [])
      const commitments = decision.decision === 'edit' ? (state.file.draft?.value.commitments ?? []) : []
      return releaseText(making, so, state, decision, decision.text, commitments)
    }
    case 'reject': {
      const text = decision.text ?? making.desk.replies.rejectedByPerson
      return closeCase(making, accepted(so, decision), {
        outcome: 'declined',
        reason: 'rejected_by_person',
        text,
        decidedBy: reviewer,
      })
    }
  }
}

/** Deciding on what has changed meanwhile is refused. */
function stale({ escalation }: Escalated, decision: Decision): string | null {
  if (decision.caseVersion !== escalation.caseVersion) {
    return `The case is at version ${escalation.caseVersion}, the decision is on version ${decision.caseVersion}. Look at the case again.`
  }
  return decision.shownHash === shownHash(escalation)
    ? null
    : 'What was shown is not what the case holds. Look at the case again.'
}

function releaseText(
  making: Making,
  so: Course,
  state: Escalated,
  decision: Decision,
  text: string,
  commitments: Escalated['escalation']['commitments'],
): Course {
  const findings = checkUtterance(making.desk, state.file, { ref: decision.envelope.messageId, text, commitments })
  if (findings.length > 0) return refuse(so, decision.reviewer, sentences(findings), findings)
  const decided = accepted(so, decision)
  if (commitments.length > 0) return act(making, decided, text, decision.reviewer)
  const reason = state.file.brief?.value.outcome === 'declined' ? 'forbidden' : 'decided_by_person'
  const citations = text === state.file.draft?.value.text ? state.file.draft.value.citations : []
  return closeCase(making, decided, {
    outcome: reason === 'forbidden' ? 'declined' : 'answered',
    reason,
    text,
    decidedBy: decision.reviewer,
    citations,
  })
}

const accepted = (so: Course, decision: Decision): Course =>
  so.then({ type: 'decided', decision, reason: `${decision.reviewer} decided to ${decision.decision}.`, outputs: [] })

const refuse = (so: Course, reviewer: string, why: string, findings: Finding[]): Course =>
  so.then({
    type: 'decision_refused',
    reviewer,
    findings,
    reason: `The decision of ${reviewer} is refused. ${why}`.slice(0, 2_000),
    outputs: [],
  })
