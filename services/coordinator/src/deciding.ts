/** What a person decides, on exactly what they were shown. What they write passes the same checks. */
import type { Decision, Draft, Finding } from '@concord/contracts'
import { act } from './acting.ts'
import type { CaseState } from './case.ts'
import { checkShown, checkUtterance } from './check.ts'
import type { Course } from './course.ts'
import { closeCase } from './ending.ts'
import { shownHash } from './escalations.ts'
import type { Making } from './messages.ts'
import { sentences } from './weigh.ts'

type Escalated = Extract<CaseState, { status: 'escalated' }>

export function personDecides(making: Making, so: Course, state: Escalated, decision: Decision): Course {
  const problem = stale(state, decision) ?? incomplete(state, decision)
  if (problem !== null) return refuse(so, decision.reviewer, problem, [])
  const said = sayingOf(making, state, decision)
  const findings = findingsOn(making, state, decision, said)
  if (findings.length > 0) return refuse(so, decision.reviewer, sentences(findings), findings)
  const decided = accepted(so, decision)
  if (decision.decision === 'reject') return turnDown(making, decided, decision.reviewer, said.text)
  return release(making, decided, state, decision.reviewer, said)
}

type Saying = Pick<Draft, 'text' | 'commitments'>

/** What the decision lets the customer read, and what it promises. */
function sayingOf({ desk }: Making, { file }: Escalated, { decision, text }: Decision): Saying {
  const draft = file.draft?.value
  switch (decision) {
    case 'approve':
      return { text: draft?.text ?? '', commitments: draft?.commitments ?? [] }
    case 'edit':
      return { text: text ?? '', commitments: draft?.commitments ?? [] }
    case 'respond':
      return { text: text ?? '', commitments: [] }
    case 'reject':
      return { text: isBlank(text) ? desk.replies.rejectedByPerson : text, commitments: [] }
  }
}

const isBlank = (text: string | null): text is null => text === null || text.trim() === ''

/** The domain's own words need no check; what an agent or a person wrote does. */
function findingsOn({ desk }: Making, { file }: Escalated, { decision, text, envelope }: Decision, said: Saying): Finding[] {
  if (decision === 'reject' && isBlank(text)) return []
  const { draft } = file
  if (decision === 'approve' && draft !== null) return checkShown(desk, file, draft.id, draft.value)
  return checkUtterance(desk, file, { ref: envelope.messageId, ...said })
}

function incomplete({ file }: Escalated, { decision, text }: Decision): string | null {
  if (decision === 'approve' && file.draft === null) return 'There is no draft to approve. Write the reply with edit, or reject.'
  const needsText = decision === 'edit' || decision === 'respond'
  return needsText && isBlank(text) ? `A decision to ${decision} needs a text.` : null
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

function turnDown(making: Making, so: Course, reviewer: string, text: string): Course {
  return closeCase(making, so, { outcome: 'declined', reason: 'rejected_by_person', text, decidedBy: reviewer })
}

function release(making: Making, so: Course, { file }: Escalated, reviewer: string, { text, commitments }: Saying): Course {
  if (commitments.length > 0) return act(making, so, text, reviewer)
  const declines = file.brief?.value.outcome === 'declined'
  return closeCase(making, so, {
    outcome: declines ? 'declined' : 'answered',
    reason: declines ? 'forbidden' : 'decided_by_person',
    text,
    decidedBy: reviewer,
    citations: text === file.draft?.value.text ? file.draft.value.citations : [],
  })
}

const accepted = (so: Course, decision: Decision): Course =>
  so.add({ type: 'decided', decision, reason: `${decision.reviewer} decided to ${decision.decision}.`, outputs: [] })

const refuse = (so: Course, reviewer: string, why: string, findings: Finding[]): Course =>
  so.add({
    type: 'decision_refused',
    reviewer,
    findings,
    reason: `The decision of ${reviewer} is refused. ${why}`,
    outputs: [],
  })
