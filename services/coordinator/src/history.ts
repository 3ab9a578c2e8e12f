import { clipped } from '@concord/agreement'
import { nextEnvelope, type CaseEvent as HistoryEntry } from '@concord/contracts'
import type { Input } from '@concord/runtime'
import type { CaseState } from './case.ts'
import type { Desk } from './desk.ts'
import type { CaseEvent } from './events.ts'
import { eventData, eventOutputs } from './sizes.ts'

export interface Step {
  event: CaseEvent
  /** The state after it. */
  after: CaseState
  caseVersion: number
  /** What led to it. */
  input: Input
}

/** One line of the case's history. Events of one case are numbered without gaps. */
export function historyEntry(desk: Desk, { event, after, caseVersion, input }: Step): HistoryEntry {
  if (after.status === 'none') throw new Error('an event leaves no case unopened')
  const inputs = input.kind === 'message' ? [{ id: input.id, hash: input.hash }] : []
  const { serviceVersion: version, domainVersion } = desk
  const making = { agent: 'coordinator', noun: 'case-events', version, domainVersion, revision: caseVersion, basedOn: inputs }
  return {
    envelope: nextEnvelope(after.file.envelope, { ...making, now: input.kind === 'message' ? input.receivedAt : input.at }),
    caseVersion,
    event: event.type,
    status: after.status,
    reason: clipped(event.reason, 2_000),
    inputs,
    data: eventData(event),
    outputs: eventOutputs(event),
  }
}
