/** The two ways a case leaves the agents: it closes, or it goes to a person. */
import type { Fault } from '@concord/contracts'
import type { CaseState, OpenState } from './case.ts'
import { course, type Course } from './course.ts'
import type { CaseInput } from './decide.ts'
import type { CaseEvent } from './events.ts'
import { escalation, escalationOutput, reply, replyOutput, type Making, type ReplyContent } from './messages.ts'

/** Closes the case with its one outcome. */
export function closeCase(making: Making, so: Course, content: ReplyContent): Course {
  const state = openState(so)
  const made = reply(making, state.file, content)
  return so.then({ type: 'closed', reply: made, reason: `${content.outcome}: ${content.reason}.`, outputs: [replyOutput(made)] })
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
  return so.then({ type: 'escalated', escalation: made, reason: summary, outputs })
}

/** The state of a course that is known to be open. */
export function openState({ state }: Course): OpenState {
  if (state.status === 'none' || state.status === 'closed') throw new Error(`a ${state.status} case cannot go on`)
  return state
}

/** The core itself has thrown on an input: a person takes the case, whatever state it is in. */
export function coordinatorFailed(making: Making, state: CaseState, input: CaseInput, fault: Fault): readonly CaseEvent[] {
  const opened =
    state.status === 'none' && input.noun !== 'due'
      ? course(state).then({
          type: 'opened',
          envelope: input.noun === 'requests' ? input.envelope : input.value.envelope,
          reason: 'The request was received.',
          outputs: [],
        })
      : course(state)
  if (opened.state.status === 'none' || opened.state.status === 'closed') return []
  return escalate(making, opened, 'coordinator_failed', `The coordinator could not decide on ${input.noun} (${fault.code}).`)
    .events
}
