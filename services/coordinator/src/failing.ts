/** What becomes of a case when an agent cannot answer it. */
import type { Failure } from '@concord/contracts'
import { attemptOf } from './actions.ts'
import type { CaseFile, OpenState } from './case.ts'
import type { Course } from './course.ts'
import { expire } from './deadlines.ts'
import { escalate } from './ending.ts'
import { late } from './late.ts'
import type { Making } from './messages.ts'

export function agentFailed(making: Making, so: Course, state: OpenState, failure: Failure): Course {
  const { agent, code } = failure
  if (!isAwaited(state, failure)) return so.add(late('failures', `${agent} is not awaited.`))
  if (ranOutOfTime(making, state, failure)) return expire(making, so)
  const failed = so.add({ type: 'agent_failed', agent, code, reason: `${agent} cannot answer: ${code}.`, outputs: [] })
  const reason = agent === 'executor' ? 'action_failed' : 'agent_failed'
  return escalate(making, failed, reason, `${agent} could not answer this case (${code}).`)
}

/** An agent that worked until the case's own deadline tells of it in the moment in which the case expires: one of the two must come first. */
function ranOutOfTime({ now }: Making, { status, file }: OpenState, { code, envelope }: Failure): boolean {
  return status !== 'acting' && code === 'deadline_exceeded' && Math.max(now, envelope.madeAt) >= file.envelope.deadline
}

function isAwaited(state: OpenState, { agent, envelope }: Failure): boolean {
  return envelope.revision === revisionOf(state.file, agent) && isMissing(state, agent)
}

/** Revision of what the agent is asked for now; null for who is asked nothing. */
export function revisionOf(file: CaseFile, agent: string): number | null {
  switch (agent) {
    case 'triage':
      return 0
    case 'knowledge':
    case 'policy':
    case 'response':
      return file.revisions[agent]
    case 'executor':
      return attemptOf(file)
    default:
      return null
  }
}

function isMissing({ status, file }: OpenState, agent: string): boolean {
  switch (agent) {
    case 'triage':
    case 'knowledge':
    case 'policy':
      return file[agent] === null && status !== 'escalated'
    case 'response':
      return status === 'drafting' || status === 'revising'
    case 'executor':
      return status === 'acting'
    default:
      return false
  }
}
