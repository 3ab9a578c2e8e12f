/** The two ways a case leaves the agents: it closes, or it goes to a person. */
import type { OpenState } from './case.ts'
import type { Course } from './course.ts'
import { escalation, escalationOutput } from './escalations.ts'
import { reply, replyOutput, type Making, type ReplyContent } from './messages.ts'

/** Closes the case with its one outcome. */
export function closeCase(making: Making, so: Course, content: ReplyContent): Course {
  const state = openState(so)
  const made = reply(making, state.file, content)
  return so.add({ type: 'closed', reply: made, reason: `${content.outcome}: ${content.reason}.`, outputs: [replyOutput(made)] })
}

/** Hands the case to a person and tells the producer so. */
export function escalate(
  making: Making,
  so: Course,
  reason: string,
  summary: string,
  consequence = 'Nothing is done until somebody decides.',
): Course {
  const { file, version } = openState(so)
  const made = escalation(making, file, { reason, summary, consequence, caseVersion: version + 1 })
  const notice = reply(making, file, { outcome: 'escalated', reason, text: null, decidedBy: 'rules' })
  const outputs = [escalationOutput(made), replyOutput(notice)]
  return so.add({ type: 'escalated', escalation: made, notice, reason: summary, outputs })
}

/** The state of a course that is known to be open. */
export function openState({ state }: Course): OpenState {
  if (state.status === 'none' || state.status === 'closed') throw new Error(`a ${state.status} case cannot go on`)
  return state
}
