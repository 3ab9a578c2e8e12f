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
  policy,
  replies,
  requests,
  reworks,
  triaged,
} from '@concord/contracts'
import type { Domain } from '@concord/domain'
import { defineProcess, type Input } from '@concord/runtime'
import { initialCase } from './case.ts'
import { dueAt } from './deadlines.ts'
import { decide, type CaseInput } from './decide.ts'
import { deskOf } from './desk-of.ts'
import type { CaseEvent } from './events.ts'
import { evolve } from './evolve.ts'
import { coordinatorFailed } from './handing-over.ts'
import { eventOf, historyEntry } from './history.ts'
import { observe } from './observe.ts'
import { failureOf } from './unreadable.ts'

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
    initial: initialCase,
    stateVersion: 1,
    decide: (state, input, now) => decide({ desk, now }, state, caseInput(input)),
    evolve,
    outputs: ({ outputs }: CaseEvent) => outputs,
    dueAt,
    indexes: (state) => [{ index: escalatedIndex, score: state.status === 'escalated' ? state.escalation.slaAt : null }],
    closed: ({ status }) => status === 'closed',
    journal: {
      topic: caseEvents,
      entry: (step) => historyEntry(desk, step),
      event: eventOf,
    },
    unreadable: (about, state) => failureOf(desk, about, state),
    onDecideError: (state, input, fault, now) => coordinatorFailed({ desk, now }, state, caseInput(input), fault),
    observe,
  })
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
