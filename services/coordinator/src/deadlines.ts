/** What the passing of time does to a case. */
import type { CaseState } from './case.ts'
import { course, type Course } from './course.ts'
import { closeCase, escalate, openState } from './ending.ts'
import type { CaseEvent } from './events.ts'
import type { Making } from './messages.ts'

/** An action whose result nobody reports is a person's matter five minutes after it was approved, or at the deadline if that is later. */
const actionPatienceMs = 300_000

/** When the case must be looked at even if nothing arrives; milliseconds since the epoch, null for never. */
export function dueAt(state: CaseState): number | null {
  switch (state.status) {
    case 'none':
    case 'closed':
      return null
    case 'escalated':
      return state.breached ? null : state.escalation.slaAt
    case 'acting':
      return Math.max(state.file.envelope.deadline, state.since + actionPatienceMs)
    case 'opened':
    case 'gathering':
    case 'drafting':
    case 'revising':
      return state.file.envelope.deadline
  }
}

export function due(making: Making, state: CaseState): readonly CaseEvent[] {
  const at = dueAt(state)
  if (at === null || at > making.now) return []
  switch (state.status) {
    case 'none':
    case 'closed':
      return []
    case 'escalated':
      return course(state).add({ type: 'sla_breached', reason: 'Nobody decided in time.', outputs: [] }).events
    case 'acting': {
      const unknown = 'An approved action was not reported in time; whether it was done is not known.'
      return escalate(making, course(state), 'action_unknown', unknown).events
    }
    case 'opened':
    case 'gathering':
    case 'drafting':
    case 'revising':
      return expire(making, course(state)).events
  }
}

export function expire(making: Making, so: Course): Course {
  const state = openState(so)
  const waiting = state.status === 'opened' ? 'triage' : state.status === 'gathering' ? 'knowledge or policy' : 'a draft'
  return closeCase(making, so, {
    outcome: 'expired',
    reason: 'deadline_exceeded',
    text: null,
    error: `No answer was ready by the deadline: the case was waiting for ${waiting}. Send the request again under a new id.`,
    decidedBy: 'rules',
  })
}
