/** How a case begins, and which requests cannot become one. */
import type { Envelope } from '@concord/contracts'
import type { CaseState } from './case.ts'
import { course, type Course } from './course.ts'
import type { CaseInput } from './decide.ts'
import { closeCase } from './ending.ts'
import type { Making } from './messages.ts'
import { bytesOf, carried, mostSnapshotBytes } from './sizes.ts'

/** No case waits longer for its agents, whatever deadline its producer sets. Milliseconds. */
const longestCaseMs = 86_400_000

/**
 * A case opens with whatever message of it comes first: topics are read independently, and each message carries the request.
 * But what answers the coordinator itself follows a case that is known: where there is none, it was forgotten, and is not begun anew.
 */
export function opening(state: CaseState, input: Exclude<CaseInput, { noun: 'due' }>): Course {
  if (state.status !== 'none') return course(state)
  switch (input.noun) {
    case 'drafts':
    case 'action-results':
    case 'decisions':
      return course(state)
    case 'requests':
      return opened(state, input.envelope, true)
    case 'triage':
    case 'knowledge':
    case 'policy':
    case 'failures':
      return opened(state, input.value.envelope, false)
  }
}

function opened(state: CaseState, from: Envelope, requested: boolean): Course {
  const deadline = Math.min(from.deadline, from.request.receivedAt + longestCaseMs)
  const envelope = { ...carried(from), deadline }
  return course(state).add({ type: 'opened', envelope, requested, reason: 'The request was received.', outputs: [] })
}

/** @returns the case closed where its request is longer than its messages can carry, else null. */
export function tooLongRequest(making: Making, so: Course, { request }: Envelope): Course | null {
  if (so.events.length === 0) return null
  const bytes = bytesOf(request)
  if (bytes <= mostSnapshotBytes) return null
  return closeCase(making, so, {
    outcome: 'rejected',
    reason: 'request_too_large',
    text: null,
    error: `The request with its history and metadata takes ${bytes} bytes of at most ${mostSnapshotBytes}. Send it with fewer or shorter earlier turns, under a new id.`,
    decidedBy: 'rules',
  })
}
