/** The coordinator: joins what the agents say, finds contradictions, and releases a reply only when they agree. */
import {
  actionResults,
  actions,
  briefs,
  caseEvents,
  caseKey,
  decisions,
  drafts,
  escalations,
  failures,
  knowledge,
  nextEnvelope,
  policy,
  replies,
  requests,
  reworks,
  triaged,
} from '@concord/contracts'
import { clipped } from '@concord/agreement'
import type { Domain } from '@concord/domain'
import { defineProcess, type Input, type Unreadable } from '@concord/runtime'
import { initialCase, type CaseState } from './case.ts'
import { dueAt } from './deadlines.ts'
import { decide, type CaseInput } from './decide.ts'
import { deskOf } from './desk-of.ts'
import type { CaseEvent } from './events.ts'
import { evolve } from './evolve.ts'
import { revisionOf } from './failing.ts'
import { coordinatorFailed } from './handing-over.ts'
import { observe } from './observe.ts'
import { eventData, eventOutputs } from './sizes.ts'

export const version = '1.0.0'

const consumes = [requests, triaged, knowledge, policy, drafts, failures, actionResults, decisions] as const
const produces = [briefs, reworks, replies, actions, escalations, failures] as const

/** Cases that wait for a person, by the time by which someone should have decided. */
export const escalatedIndex = 'escalated/coordinator'

export function createCoordinator({ domain }: { domain: Domain }) {
  const desk = deskOf(domain, version)
  return defineProcess({
    name: 'coordinator',
    version,
    consumes,
    produces,
    concurrency: 64,
    key: ({ envelope }) => caseKey(envelope),
    initial: initialCase as CaseState,
    decide: (state, input, now) => decide({ desk, now }, state, caseInput(input)),
    evolve,
    outputs: ({ outputs }: CaseEvent) => outputs,
    dueAt,
    indexes: (state) => [{ index: escalatedIndex, score: state.status === 'escalated' ? state.escalation.slaAt : null }],
    closed: ({ status }) => status === 'closed',
    journal: { topic: caseEvents, entry: journalEntry },
    unreadable: (about, state) => failureOf(about, state),
    onDecideError: (state, input, fault, now) => coordinatorFailed({ desk, now }, state, caseInput(input), fault),
    observe,
  })

  /** One line of the case's history. Events of one case are numbered without gaps. */
  function journalEntry(event: CaseEvent, after: CaseState, caseVersion: number, input: Input<(typeof consumes)[number]>) {
    if (after.status === 'none') throw new Error('an event leaves no case unopened')
    const inputs = input.kind === 'message' ? [{ id: input.id, hash: input.hash }] : []
    const making = { agent: 'coordinator', noun: 'case-events', version, domainVersion: desk.domainVersion }
    const now = input.kind === 'message' ? input.receivedAt : input.at
    return {
      envelope: nextEnvelope(after.file.envelope, { ...making, revision: caseVersion, basedOn: inputs, now }),
      caseVersion,
      event: event.type,
      status: after.status,
      reason: clipped(event.reason, 2_000),
      inputs,
      data: eventData(event),
      outputs: eventOutputs(event),
    }
  }

  /** An answer that cannot be read counts as its agent's failure; without a case there is nobody to tell. */
  function failureOf({ noun, fault, topic, partition, offset, headers, receivedAt }: Unreadable, state: CaseState | null) {
    if (state === null || state.status === 'none') return []
    const agent = answering[noun] ?? headers['ce_source']?.split('/').at(-1) ?? ''
    const revision = noun === 'requests' ? null : revisionOf(state.file, agent)
    if (revision === null) return []
    const making = { agent: 'coordinator', noun: `failures/${agent}`, version, domainVersion: desk.domainVersion }
    const envelope = nextEnvelope(state.file.envelope, { ...making, revision, now: receivedAt })
    const message = clipped(fault.message, 1_000)
    return [{ topic: failures, value: { envelope, agent, code: fault.code, message, topic, partition, offset } }]
  }
}

/** Who alone writes on a topic. Headers say it too, but whoever writes what cannot be read may have written none. */
const answering: Readonly<Record<string, string>> = {
  triage: 'triage',
  knowledge: 'knowledge',
  policy: 'policy',
  drafts: 'response',
  'action-results': 'executor',
}

/** The core's own view of an input: what it needs, and no more. */
function caseInput(input: Input<(typeof consumes)[number]>): CaseInput {
  if (input.kind === 'due') return { noun: 'due' }
  if (input.noun === 'requests') return { noun: 'requests', envelope: input.envelope }
  const { id, hash } = input
  switch (input.noun) {
    case 'triage':
      return { noun: input.noun, id, hash, value: input.value }
    case 'knowledge':
      return { noun: input.noun, id, hash, value: input.value }
    case 'policy':
      return { noun: input.noun, id, hash, value: input.value }
    case 'drafts':
      return { noun: input.noun, id, hash, value: input.value }
    case 'failures':
      return { noun: input.noun, id, hash, value: input.value }
    case 'action-results':
      return { noun: input.noun, id, hash, value: input.value }
    case 'decisions':
      return { noun: input.noun, id, hash, value: input.value }
  }
}
