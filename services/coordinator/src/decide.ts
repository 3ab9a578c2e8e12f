/** The coordinator's pure core: what a case does with each message, and with the passing of time. */
import type { ActionResult, Decision, Draft, Envelope, Failure, Knowledge, Policy, Reply, Triage } from '@concord/contracts'
import { afterAction } from './acting.ts'
import type { CaseFile, CaseState, OpenState, Received } from './case.ts'
import type { Course } from './course.ts'
import { due } from './deadlines.ts'
import { personDecides } from './deciding.ts'
import { draftArrived } from './drafting.ts'
import type { CaseEvent } from './events.ts'
import { agentFailed } from './failing.ts'
import { gathered, triageArrived } from './gathering.ts'
import { handOver } from './handing-over.ts'
import { late } from './late.ts'
import { replyOutput, reuseRejection, type Making } from './messages.ts'
import { opening, tooLongRequest } from './opening.ts'
import { fits } from './sizes.ts'

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

/** @returns the events that the input leads to, in order; none when nothing changes. Each of them can be recorded and published. */
export function decide(making: Making, state: CaseState, input: CaseInput): readonly CaseEvent[] {
  const events = decided(making, state, input)
  return events.every(fits) ? events : tooLarge(making, state, input)
}

function decided(making: Making, state: CaseState, input: CaseInput): readonly CaseEvent[] {
  if (input.noun === 'due') return due(making, state)
  const opened = opening(state, input)
  const { state: now } = opened
  if (now.status === 'none') return opened.events
  const envelope = input.noun === 'requests' ? input.envelope : input.value.envelope
  if (!sameContent(now.file.envelope, envelope)) return otherContent(making, opened, now.file, input, envelope)
  if (input.noun === 'requests' && !now.file.requested) return opened.add(requestRead).events
  if (now.status === 'closed') return closed(opened, now, input)
  return (tooLongRequest(making, opened, envelope) ?? take(making, opened, now, input)).events
}

/** What no record can hold is not weighed: a person takes the case, or keeps it without that message. */
function tooLarge(making: Making, state: CaseState, input: CaseInput): readonly CaseEvent[] {
  if (state.status === 'escalated') return [late(input.noun, 'It is too large to be kept.')]
  return handOver(
    making,
    state,
    input,
    'too_large',
    `What the case holds with this message of ${input.noun} is too large to be weighed.`,
  )
}

const sameContent = (a: Envelope, b: Envelope): boolean =>
  a.requestHash === b.requestHash && a.conversationId === b.conversationId

/** The first content of a request id wins. Other content is rejected, as a request; what agents made of it is dropped. */
function otherContent(making: Making, so: Course, file: CaseFile, input: CaseInput, envelope: Envelope): readonly CaseEvent[] {
  if (input.noun !== 'requests') return so.add(late(input.noun, 'It belongs to content that was rejected.')).events
  const outputs = [replyOutput(reuseRejection(making, file, envelope))]
  const reason = 'The request id was used before with other content.'
  return so.add({ type: 'reuse_rejected', reason, outputs }).events
}

/** A closed case changes no more. Its request, sent again, gets the same outcome again, byte for byte. */
function closed(so: Course, state: Extract<CaseState, { status: 'closed' }>, input: CaseInput): readonly CaseEvent[] {
  if (input.noun === 'requests') {
    const outputs = [replyOutput(state.reply)]
    return so.add({ type: 'repeated', reason: 'The same request came again after its outcome.', outputs }).events
  }
  const told = input.noun === 'action-results' ? ` ${input.value.action} for ${input.value.subject}: ${input.value.status}.` : ''
  return so.add(late(input.noun, `The case is closed.${told}`)).events
}

function take(making: Making, so: Course, state: OpenState, input: Exclude<CaseInput, { noun: 'due' }>): Course {
  switch (input.noun) {
    case 'requests':
      return state.status === 'escalated' ? so.add(noticeAgain(state.notice)) : so
    case 'triage':
      return state.file.triage === null ? triageArrived(making, so, input) : so.add(late('triage', 'Triage has answered before.'))
    case 'knowledge':
    case 'policy':
      return isExpected(state, input.noun, input.value.envelope)
        ? gathered(making, so, input)
        : so.add(late(input.noun, 'It is of a revision that is not awaited.'))
    case 'drafts':
      return (state.status === 'drafting' || state.status === 'revising') && restsOnBrief(state, input.value)
        ? draftArrived(making, so, input)
        : so.add(late('drafts', 'It answers a brief that no longer stands.'))
    case 'failures':
      return agentFailed(making, so, state, input.value)
    case 'action-results':
      return afterAction(making, so, input.value)
    case 'decisions':
      return state.status === 'escalated'
        ? personDecides(making, so, state, input.value)
        : so.add(late('decisions', 'No decision is awaited.'))
  }
}

const requestRead: CaseEvent = { type: 'requested', reason: 'The request itself was read, after an answer to it.', outputs: [] }

/** Whoever sends the request again while a person decides is told so again. */
const noticeAgain = (notice: Reply): CaseEvent => ({
  type: 'repeated',
  reason: 'The same request came again while a person decides.',
  outputs: [replyOutput(notice)],
})

const isExpected = ({ file }: OpenState, agent: 'knowledge' | 'policy', envelope: Envelope): boolean =>
  file[agent] === null && envelope.revision === file.revisions[agent]

const restsOnBrief = ({ file }: OpenState, draft: Draft): boolean =>
  draft.envelope.basedOn.some(({ id }) => id === file.brief?.id)
