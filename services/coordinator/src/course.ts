import type { CaseState } from './case.ts'
import type { CaseEvent } from './events.ts'
import { evolve } from './evolve.ts'

/** The events of one decision as they add up, with the state after the last of them. */
export interface Course {
  readonly events: readonly CaseEvent[]
  readonly state: CaseState
  add(event: CaseEvent): Course
}

export function course(state: CaseState, events: readonly CaseEvent[] = []): Course {
  return { events, state, add: (event) => course(evolve(state, event), [...events, event]) }
}
