/** A little language for the coordinator's tests: a library desk, and cases that are fed message by message. */
import { messageHash, type Claim, type Envelope, type Predicate } from '@concord/contracts'
import {
  aDecision,
  aDraft,
  aFailure,
  aKnowledge,
  anActionResult,
  anEnvelope,
  aPolicy,
  aTriage,
  aVerdict,
  testTime,
} from '@concord/contracts/testing'
import { initialCase, type CaseState } from '../case.ts'
import { decide, type CaseInput } from '../decide.ts'
import type { Desk, DeskIntent } from '../desk.ts'
import type { CaseEvent, CaseOutput } from '../events.ts'
import { evolve } from '../evolve.ts'

const period: Predicate = {
  id: 'loan.period',
  kind: 'duration',
  compare: 'equal',
  tolerance: 0,
  authority: ['tool', 'rule', 'passage', 'model'],
  critical: false,
  statement: '',
  denied: null,
}

const intents = new Map<string, DeskIntent>([
  ['opening_hours', { inScope: true, route: 'answer' }],
  ['weather', { inScope: false, route: 'answer' }],
])

export const libraryDesk: Desk = {
  domainVersion: 'test-1',
  serviceVersion: '1.0.0',
  languages: ['en'],
  replies: {
    outOfScope: 'This desk is about the library.',
    notUnderstood: 'Please say it in other words.',
    refused: 'This cannot be answered.',
    rejectedByPerson: 'We cannot do this.',
  },
  disclosure: 'Written by a machine.',
  vocabulary: new Map<string, Predicate>([
    ['loan.period', period],
    ['loan.fee', { ...period, id: 'loan.fee', kind: 'money', critical: true }],
  ]),
  describe: ({ predicate, value }: Claim) =>
    `${predicate} is ${value.number ?? value.minor ?? value.text} ${value.unit ?? value.currency ?? ''}.`,
  intent: (id) => intents.get(id),
  flagRoute: (flag) => (flag === 'legal_threat' ? 'person' : flag === 'injection' ? 'decline' : 'note'),
  writes: () => true,
  promise: ({ action, subject }) => `${action} for ${subject}`,
  consequence: ({ action, subject }) => `${action} for ${subject} cannot be undone.`,
  slaMs: () => 3_600_000,
}

/** One case as it goes: `receive` feeds a message, and what was published stands in `published`. */
export interface CaseRun {
  readonly state: CaseState
  readonly published: readonly CaseOutput[]
  readonly events: readonly CaseEvent[]
  receive(input: CaseInput, now?: number): CaseRun
  /** The outcomes that were published, the notice `escalated` left out. */
  outcomes(): string[]
  /** What was published last on the topic of that noun. */
  last<N extends CaseOutput['topic']['noun']>(noun: N): ValueOn<N>
}

export function caseRun(state: CaseState = initialCase, events: readonly CaseEvent[] = []): CaseRun {
  const published = events.flatMap(({ outputs }) => outputs)
  return {
    state,
    published,
    events,
    receive(input, now = testTime + 1_000) {
      const added = decide({ desk: libraryDesk, now }, state, input)
      return caseRun(added.reduce(evolve, state), [...events, ...added])
    },
    outcomes: () => valuesOn(published, 'replies').flatMap(({ outcome }) => (outcome === 'escalated' ? [] : [outcome])),
    last(noun) {
      const found = published.findLast(({ topic }) => topic.noun === noun)
      if (found === undefined) throw new Error(`nothing was published on ${noun}`)
      return found.value as never
    },
  }
}

type ValueOn<N extends CaseOutput['topic']['noun']> = Extract<CaseOutput, { topic: { noun: N } }>['value']

/** What was published on the topic of that noun. */
export function valuesOn<N extends CaseOutput['topic']['noun']>(published: readonly CaseOutput[], noun: N): ValueOn<N>[] {
  return published.filter(({ topic }) => topic.noun === noun).map(({ value }) => value as ValueOn<N>)
}

type Enveloped = { envelope: Envelope }
const received = <N extends string, T extends Enveloped>(noun: N, value: T) => ({
  noun,
  id: value.envelope.messageId as string,
  hash: messageHash(value),
  value,
})

export const request = (envelope: Envelope = anEnvelope()) => ({ noun: 'requests' as const, envelope })
export const triage = (...of: Parameters<typeof aTriage>) => received('triage', aTriage(...of))
export const knowledge = (...of: Parameters<typeof aKnowledge>) => received('knowledge', aKnowledge(...of))
export const policy = (...of: Parameters<typeof aPolicy>) => received('policy', aPolicy(...of))
export const failure = (...of: Parameters<typeof aFailure>) => received('failures', aFailure(...of))
export const result = (...of: Parameters<typeof anActionResult>) => received('action-results', anActionResult(...of))

/** A draft that answers the brief that stands, and cites the first thing that it was given. */
export function draftFor(run: CaseRun, overrides: Parameters<typeof aDraft>[0] = {}) {
  const brief = run.last('briefs')
  const { messageId, revision } = brief.envelope
  const basedOn = [{ id: messageId, hash: messageHash(brief) }]
  const { text = 'loan.period is 30 day.' } = overrides
  const [cited] = [...brief.claims, ...brief.forbidden, ...brief.permitted]
  const citations = cited === undefined ? [] : [{ start: 0, end: text.length, claim: cited.id, source: 'Loans, version 1' }]
  return received('drafts', aDraft({ text, citations, ...overrides, envelope: { revision, basedOn, ...overrides.envelope } }))
}

/** A ruling on extending a loan that the customer asked for. */
export const extension = (overrides: Parameters<typeof aVerdict>[0] = {}) => aVerdict({ id: 'v-1', ...overrides })

/** The promise that goes with it. */
export const promise = { action: 'extend_loan', subject: 'loan:L1' }

/** A person's decision on what they were shown last. */
export function decision(run: CaseRun, overrides: Parameters<typeof aDecision>[0] = {}) {
  const { caseVersion, shownHash } = run.last('escalations')
  return received('decisions', aDecision({ decision: 'approve', caseVersion, shownHash, reviewer: 'ada', ...overrides }))
}
