import { anEnvelope, testTime } from '@concord/contracts/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { initialCase } from './case.ts'
import type { CaseInput } from './decide.ts'
import type { CaseEvent } from './events.ts'
import { evolve } from './evolve.ts'
import {
  caseRun,
  draftFor,
  extension,
  failure,
  knowledge,
  policy,
  promise,
  repliesAmong,
  request,
  result,
  triage,
  type CaseRun,
} from './testing/case-spec.ts'

/** One step: something that may reach the case, made for the state it is in. */
type Step = (run: CaseRun) => CaseInput | null

const effects = ['permit', 'forbid', 'needs_approval'] as const
const whenBriefed =
  (overrides: Parameters<typeof draftFor>[1]): Step =>
  (run) =>
    run.published.some(({ topic }) => topic.noun === 'briefs') ? draftFor(run, overrides) : null

const steps: Step[] = [
  () => request(),
  () => request(anEnvelope({ requestHash: 'another' })),
  () => triage(),
  () => triage({ intent: null }),
  () => triage({ riskFlags: ['legal_threat'] }),
  () => knowledge(),
  () => failure({ agent: 'knowledge' }),
  () => failure({ agent: 'response' }),
  ...[0, 1, 2].flatMap((revision) =>
    effects.map((effect) => () => policy({ envelope: { revision }, verdicts: [extension({ effect })] })),
  ),
  whenBriefed({}),
  whenBriefed({ commitments: [promise] }),
  whenBriefed({ text: 'Ninety days, I promise: 90 days.', commitments: [promise] }),
  whenBriefed({ commitments: [{ ...promise, subject: 'loan:other' }] }),
  ...(['done', 'conflict', 'refused', 'failed'] as const).map((status) => () => result({ status })),
  () => ({ noun: 'due' }),
]

const histories = fc.array(fc.record({ step: fc.constantFrom(...steps), times: fc.integer({ min: 1, max: 2 }) }), {
  maxLength: 40,
})

function play(history: readonly { step: Step; times: number }[]): CaseRun {
  let run = caseRun()
  for (const { step, times } of history) {
    const input = step(run)
    for (let repeat = 0; input !== null && repeat < times; repeat++) run = run.receive(input)
  }
  return run
}

test('a case has at most one outcome, whatever comes in whatever order and however often', () => {
  fc.assert(
    fc.property(histories, (history) => {
      const run = play(history)
      const ids = repliesAmong(run.published).flatMap(({ outcome, envelope }) =>
        ['escalated', 'rejected'].includes(outcome) ? [] : [envelope.messageId],
      )
      expect(new Set(ids).size).toBeLessThanOrEqual(1)
    }),
    { numRuns: 500 },
  )
})

test('a case whose messages are lost ends by its deadline, waits for a person, or waits for its action', () => {
  fc.assert(
    fc.property(histories, (history) => {
      const opened = play([{ step: () => request(), times: 1 }, ...history])
      const late = opened.receive({ noun: 'due' }, testTime + 3_600_000 * 24)
      expect(['closed', 'escalated']).toContain(late.state.status)
    }),
    { numRuns: 500 },
  )
})

test('no action is published that policy did not permit, and none that needs approval without a person', () => {
  fc.assert(
    fc.property(histories, (history) => {
      let run = caseRun()
      for (const { step } of history) {
        const input = step(run)
        if (input === null) continue
        const before = run
        run = run.receive(input)
        const added = run.published.slice(before.published.length).filter(({ topic }) => topic.noun === 'actions')
        if (added.length === 0 || run.state.status !== 'acting') continue
        const verdict = run.state.file.policy?.value.verdicts[0]
        expect(verdict?.effect).toBe('permit')
        expect(run.state.file.draft?.value.commitments).toEqual([expect.objectContaining(promise)])
      }
    }),
    { numRuns: 500 },
  )
})

test('a reply that names an action follows its result', () => {
  fc.assert(
    fc.property(histories, (history) => {
      const run = play(history)
      const promised = run.state.status === 'closed' ? (run.state.file.draft?.value.commitments ?? []) : []
      for (const reply of repliesAmong(run.published).filter(({ outcome }) => outcome === 'answered')) {
        const done = reply.actions.map(({ action }) => action)
        expect(promised.every(({ action }) => done.includes(action))).toBe(true)
      }
    }),
    { numRuns: 500 },
  )
})

test('the journal alone gives back the state', () => {
  fc.assert(
    fc.property(histories, (history) => {
      const run = play(history)
      const journal: CaseEvent[] = JSON.parse(JSON.stringify(run.events))
      expect(journal.reduce(evolve, initialCase)).toEqual(run.state)
    }),
    { numRuns: 200 },
  )
})
