/** A process for tests: a request opens a case, a triage answers it, a deadline expires it. Its outcome has one id, whatever it says. */
import {
  caseEvents,
  caseKey,
  failures,
  nextEnvelope,
  replies,
  requests,
  triaged,
  type Envelope,
  type Reply,
} from '@concord/contracts'
import { aCaseEvent, aReply } from '@concord/contracts/testing'
import type { OutputOf } from '../outcome.ts'
import { defineProcess, type Input } from '../process/define-process.ts'

export type ToyState = { status: 'none' } | { status: 'open' | 'closed'; envelope: Envelope; notes: number; dueAt: number }

type ToyEvent =
  | { type: 'opened'; envelope: Envelope; at: number }
  | { type: 'noted'; note: number; envelope: Envelope }
  | { type: 'closed'; outcome: 'answered' | 'expired'; envelope: Envelope; at: number }

export const toyCaseMs = 30_000

const making = { agent: 'toy', version: '1', domainVersion: 'd1' }

function decide(state: ToyState, input: Input<typeof requests | typeof triaged>, now: number): ToyEvent[] {
  if (input.kind === 'due') {
    return state.status === 'open' ? [{ type: 'closed', outcome: 'expired', envelope: state.envelope, at: now }] : []
  }
  if (input.noun === 'requests') return state.status === 'none' ? [{ type: 'opened', envelope: input.envelope, at: now }] : []
  if (input.value.category === 'explode') throw new TypeError('boom')
  if (state.status === 'closed') return []
  const opened: ToyEvent[] = state.status === 'none' ? [{ type: 'opened', envelope: input.envelope, at: now }] : []
  const envelope = state.status === 'none' ? input.envelope : state.envelope
  if (input.value.category !== 'final') {
    return [...opened, { type: 'noted', note: state.status === 'none' ? 1 : state.notes + 1, envelope }]
  }
  return [...opened, { type: 'closed', outcome: 'answered', envelope, at: now }]
}

function evolve(state: ToyState, event: ToyEvent): ToyState {
  switch (event.type) {
    case 'opened':
      return { status: 'open', envelope: event.envelope, notes: 0, dueAt: event.at + toyCaseMs }
    case 'noted':
      return state.status === 'none' ? state : { ...state, notes: event.note }
    case 'closed':
      return state.status === 'none' ? state : { ...state, status: 'closed' }
  }
}

function outputs(event: ToyEvent): OutputOf<typeof replies>[] {
  switch (event.type) {
    case 'opened':
      return []
    case 'noted':
      return [reply(event.envelope, `replies/note-${event.note}`, 'escalated', 0)]
    case 'closed':
      return [reply(event.envelope, 'replies', event.outcome, event.at)]
  }
}

function reply(from: Envelope, noun: string, outcome: Reply['outcome'], now: number): OutputOf<typeof replies> {
  return { topic: replies, value: aReply({ outcome, envelope: nextEnvelope(from, { ...making, noun, revision: 0, now }) }) }
}

const nothing: ToyState = { status: 'none' }

export const toy = defineProcess({
  name: 'toy',
  version: '1',
  consumes: [requests, triaged],
  produces: [replies, failures],
  concurrency: 8,
  key: ({ envelope }) => caseKey(envelope),
  initial: nothing,
  stateVersion: 1,
  decide,
  evolve,
  outputs,
  dueAt: (state) => (state.status === 'open' ? state.dueAt : null),
  closed: ({ status }) => status === 'closed',
  journal: {
    topic: caseEvents,
    entry: ({ event, after, version, epoch }) =>
      aCaseEvent({
        caseVersion: version,
        event: event.type,
        status: after.status,
        data: JSON.stringify(event),
        envelope: nextEnvelope(event.envelope, { ...making, noun: `case-events/${epoch}`, revision: version, now: 0 }),
      }),
    event: ({ data }) => JSON.parse(data) as ToyEvent,
  },
  onDecideError: (state, _input, _fault, now): ToyEvent[] =>
    state.status === 'open' ? [{ type: 'closed', outcome: 'expired', envelope: state.envelope, at: now }] : [],
})
