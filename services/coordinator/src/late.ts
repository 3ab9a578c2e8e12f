import type { CaseEvent } from './events.ts'

/** A message that comes too late, or of an older revision: recorded and counted, and without effect. */
export const late = (noun: string, why: string): CaseEvent => ({
  type: 'late',
  noun,
  reason: `A message of ${noun} changes nothing. ${why}`,
  outputs: [],
})
