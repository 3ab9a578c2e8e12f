/** When the core cannot go on with a case. */
import type { Fault } from '@concord/contracts'
import type { CaseState } from './case.ts'
import { course } from './course.ts'
import type { CaseInput } from './decide.ts'
import { escalate } from './ending.ts'
import type { CaseEvent } from './events.ts'
import type { Making } from './messages.ts'
import { opening } from './opening.ts'

/** A person takes the case, whatever state it is in and whatever led there. A case that is closed or never began stays so. */
export function handOver(
  making: Making,
  state: CaseState,
  input: CaseInput,
  reason: string,
  summary: string,
): readonly CaseEvent[] {
  const opened = input.noun === 'due' ? course(state) : opening(state, input)
  if (opened.state.status === 'none' || opened.state.status === 'closed') return []
  return escalate(making, opened, reason, summary).events
}

/** The core itself has thrown on an input. */
export function coordinatorFailed(making: Making, state: CaseState, input: CaseInput, fault: Fault): readonly CaseEvent[] {
  const summary = `The coordinator could not decide on ${input.noun} (${fault.code}).`
  return handOver(making, state, input, 'coordinator_failed', summary)
}
