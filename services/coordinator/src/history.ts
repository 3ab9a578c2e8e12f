import { clipped } from '@concord/agreement'
import { nextEnvelope, type CaseEvent as HistoryEntry } from '@concord/contracts'
import type { Input, JournalStep } from '@concord/runtime'
import type { CaseState } from './case.ts'
import type { Desk } from './desk.ts'
import type { CaseChange, CaseEvent } from './events.ts'
import { eventData, eventOutputs } from './sizes.ts'

export type Step = JournalStep<CaseState, CaseEvent, Input>

/** One line of the case's history. Events of one case are numbered without gaps. */
export function historyEntry(desk: Desk, { event, after, version: caseVersion, epoch, input }: Step): Omit<HistoryEntry, 'turn'> {
  if (after.status === 'none') throw new Error('an event leaves no case unopened')
  const inputs = input.kind === 'message' ? [{ id: input.id, hash: input.hash }] : []
  const { serviceVersion: version, domainVersion } = desk
  // What a lost store had not yet published may be decided anew, and otherwise: that is another entry, with an id of its own.
  const noun = `case-events/${epoch}`
  const making = { agent: 'coordinator', noun, version, domainVersion, revision: caseVersion, basedOn: inputs }
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

/** The event of an entry. What it published is left out, and its reason: nothing folds them. */
export function eventOf({ data, reason }: HistoryEntry): CaseEvent {
  return { ...(JSON.parse(data) as CaseChange), reason, outputs: [] }
}
