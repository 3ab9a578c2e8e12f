/** The coordinator's pure core: what a case does with each message, and with the passing of time. */
import type { ActionResult, Decision, Draft, Envelope, Failure, Knowledge, Policy, Triage } from '@concord/contracts'
import { afterAction } from './acting.ts'
import type { CaseState, OpenState, Received } from './case.ts'
import { course, type Course } from './course.ts'
import { personDecides } from './deciding.ts'
import type { CaseEvent } from './events.ts'
import { draftArrived } from './drafting.ts'
import { closeCase, escalate, openState } from './ending.ts'
import { gathered, triageArrived } from './gathering.ts'
import { replyOutput, reuseRejection, type Making } from './messages.ts'

/** What reaches a case: a message of one of the coordinator's topics, or the passing of its deadline. */
export type CaseInput =
  | { noun: 'requests'; envelope: Envelope }
  | ({ noun: 'triage' } & Received<Triage>)
  | ({ noun: 'knowledge' } & Received<Knowledge>)
  | ({ noun: 'policy' } & Received<Policy>)
  | ({ noun: 'drafts' } & Received<Draft>)
  | ({ noun: 'failures' } & Received<Failure>)
  | ({ noun: 'action-results' } & Received<ActionResult>)
  | ({ noun: 'decisions' } & Received<Decision>)
  | { noun: 'due' }

/** @returns the events that the input leads to, in order; none when nothing changes. */
export function decide(making: Making, state: CaseState, input: CaseInput): readonly CaseEvent[] {
  if (input.noun === 'due') return due(making, state)
  const envelope = input.noun === 'requests' ? input.envelope : input.value.envelope
  const opened = open(state, envelope)
  const { state: now } = opened
  if (now.status === 'none') return opened.events
  if (!sameContent(now.file.envelope, envelope)) return otherContent(making, opened, input, envelope)
  if (now.status === 'closed') return closed(opened, now, input)
  return take(making, opened, now, input).events
}

/** A case opens with whatever message of it comes first: topics are read independently, and each message carries the request. */
function open(state: CaseState, envelope: Envelope): Course {
  if (state.status !== 'none') return course(state)
  return course(state).then({ type: 'opened', envelope, reason: 'The request was received.', outputs: [] })
}

const sameContent = (a: Envelope, b: Envelope): boolean =>
  a.requestHash === b.requestHash && a.conversationId === b.conversationId

/** The first content of a request id wins. Other content is rejected once, as a request; what agents made of it is dropped. */
function otherContent(making: Making, so: Course, input: CaseInput, envelope: Envelope): readonly CaseEvent[] {
  if (input.noun !== 'requests') return so.then(late(input.noun, 'It belongs to content that was rejected.')).events
  const outputs = [replyOutput(reuseRejection(making, envelope))]
  const reason = 'The request id was used before with other content.'
  return so.then({ type: 'reuse_rejected', reason, outputs }).events
}

/** A closed case changes no more. Its request, sent again, gets the same outcome again, byte for byte. */
function closed(so: Course, state: Extract<CaseState, { status: 'closed' }>, input: CaseInput): readonly CaseEvent[] {
  if (input.noun !== 'requests') return so.then(late(input.noun, 'The case is closed.')).events
  const outputs = [replyOutput(state.reply)]
  return so.then({ type: 'repeated', reason: 'The same request came again after its outcome.', outputs }).events
}

function take(making: Making, so: Course, state: OpenState, input: Exclude<CaseInput, { noun: 'due' }>): Course {
  switch (input.noun) {
    case 'requests':
      return so
    case 'triage':
      return state.file.triage === null
        ? triageArrived(making, so, input)
        : so.then(late('triage', 'Triage has answered before.'))
    case 'knowledge':
    case 'policy':
      return expected(state, input.noun, input.value.envelope)
        ? gathered(making, so, input)
        : so.then(late(input.noun, 'It is of a revision that is not awaited.'))
    case 'drafts':
      return (state.status === 'drafting' || state.status === 'revising') && restsOnBrief(state, input.value)
        ? draftArrived(making, so, input)
        : so.then(late('drafts', 'It answers a brief that no longer stands.'))
    case 'failures':
      return agentFailed(making, so, state, input.value)
    case 'action-results':
      return state.status === 'acting'
        ? afterAction(making, so, input.value)
        : so.then(late('action-results', 'No action is pending.'))
    case 'decisions':
      return state.status === 'escalated'
        ? personDecides(making, so, state, input.value)
        : so.then(late('decisions', 'No decision is awaited.'))
  }
}

const expected = ({ file }: OpenState, agent: 'knowledge' | 'policy', envelope: Envelope): boolean =>
  file[agent] === null && envelope.revision === file.revisions[agent]

const restsOnBrief = ({ file }: OpenState, draft: Draft): boolean =>
  file.brief !== null && draft.envelope.basedOn.some(({ id }) => id === file.brief?.id)

function agentFailed(making: Making, so: Course, state: OpenState, failure: Failure): Course {
  const { agent, code } = failure
  if (!awaits(state, failure)) return so.then(late('failures', `${agent} is not awaited.`))
  if (ranOutOfTime(making, state, failure)) return expire(making, so)
  const failed = so.then({ type: 'agent_failed', agent, code, reason: `${agent} cannot answer: ${code}.`, outputs: [] })
  const reason = agent === 'executor' ? 'action_failed' : 'agent_failed'
  return escalate(making, failed, reason, `${agent} could not answer this case (${code}).`)
}

/** An agent that worked until the case's own deadline tells of it in the moment in which the case expires: one of the two must come first. */
function ranOutOfTime({ now }: Making, { status, file }: OpenState, { code, envelope }: Failure): boolean {
  return status !== 'acting' && code === 'deadline_exceeded' && Math.max(now, envelope.madeAt) >= file.envelope.deadline
}

function awaits({ status, file }: OpenState, { agent, envelope }: Failure): boolean {
  switch (agent) {
    case 'triage':
      return file.triage === null && status !== 'escalated'
    case 'knowledge':
    case 'policy':
      return file[agent] === null && status !== 'escalated' && envelope.revision === file.revisions[agent]
    case 'response':
      return (status === 'drafting' || status === 'revising') && envelope.revision === file.revisions.response
    case 'executor':
      return status === 'acting'
    default:
      return false
  }
}

const late = (noun: string, why: string): CaseEvent => ({
  type: 'late',
  noun,
  reason: `A message of ${noun} changes nothing. ${why}`,
  outputs: [],
})

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

function due(making: Making, state: CaseState): readonly CaseEvent[] {
  const at = dueAt(state)
  if (at === null || at > making.now || state.status === 'none' || state.status === 'closed') return []
  switch (state.status) {
    case 'escalated':
      return course(state).then({ type: 'sla_breached', reason: 'Nobody decided in time.', outputs: [] }).events
    case 'acting':
      return escalate(
        making,
        course(state),
        'action_unknown',
        'An approved action was not reported in time; whether it was done is not known.',
      ).events
    case 'opened':
    case 'gathering':
    case 'drafting':
    case 'revising':
      return expire(making, course(state)).events
  }
}

function expire(making: Making, so: Course): Course {
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
