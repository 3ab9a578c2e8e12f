/** For property tests: anything that may reach a case, in any order, however often, at any time. */
import { aClaim, anEnvelope, testTime } from '@concord/contracts/testing'
import * as fc from 'fast-check'
import type { CaseInput } from '../decide.ts'
import {
  caseRun,
  decision,
  draftFor,
  extension,
  failure,
  knowledge,
  policy,
  promise,
  request,
  result,
  triage,
  valuesOn,
  type CaseRun,
} from './case-spec.ts'

/** Something that may reach the case, made for the state it is in; null where it makes no sense yet. */
export type Step = (run: CaseRun) => CaseInput | null

const effects = ['permit', 'forbid', 'needs_approval'] as const
const statuses = ['done', 'conflict', 'refused', 'failed'] as const
const revisions = [0, 1, 2, 3]
const agents = ['triage', 'knowledge', 'policy', 'response', 'executor', 'queue']
const card = { action: 'renew_card', subject: 'card:C1' }
const nineDays = aClaim({ id: 'r-1', value: { kind: 'duration', number: 9, unit: 'day' }, source: { kind: 'rule', ref: 'R1' } })

const published = (run: CaseRun, noun: string): boolean => run.published.some(({ topic }) => topic.noun === noun)
const drafting =
  (overrides: Parameters<typeof draftFor>[1]): Step =>
  (run) =>
    published(run, 'briefs') ? draftFor(run, overrides) : null
const deciding =
  (overrides: Parameters<typeof decision>[1]): Step =>
  (run) =>
    published(run, 'escalations') ? decision(run, overrides) : null
/** The key is that of the case's own action, whichever was published. */
const reporting =
  (of: typeof promise, status: (typeof statuses)[number], revision: number): Step =>
  (run) => {
    const key = valuesOn(run.published, 'actions').find(({ action }) => action === of.action)?.key ?? 'none'
    return result({ ...of, key, status, envelope: { revision } })
  }

/** What a case needs to get somewhere: without a share of these, hardly any would leave its first state. */
const usual: Step[] = [
  () => request(),
  () => triage(),
  () => knowledge(),
  () => policy(),
  () => policy({ verdicts: [extension()] }),
  () => policy({ verdicts: [extension(), extension({ id: 'v-2', ...card })] }),
  drafting({}),
  drafting({ commitments: [promise] }),
  drafting({ commitments: [promise, card, promise] }),
  reporting(promise, 'done', 0),
  reporting(card, 'done', 0),
  deciding({}),
]

const unusual: Step[] = [
  () => request(anEnvelope({ requestHash: 'another' })),
  () => knowledge({ envelope: { requestHash: 'another' } }),
  () => triage({ intent: null }),
  () => triage({ intent: 'weather' }),
  () => triage({ riskFlags: ['legal_threat'] }),
  () => knowledge({ envelope: { basedOn: [{ id: triage().id, hash: 'of another' }] } }),
  () => policy({ claims: [nineDays] }),
  ...revisions.map((revision) => () => knowledge({ envelope: { revision } })),
  ...agents.flatMap((agent) => revisions.map((revision) => () => failure({ agent, code: 'internal', envelope: { revision } }))),
  () => failure({ agent: 'knowledge', code: 'deadline_exceeded', envelope: { madeAt: testTime + 60_000 } }),
  ...revisions.flatMap((revision) =>
    effects.map((effect) => () => policy({ envelope: { revision }, verdicts: [extension({ effect })] })),
  ),
  () => policy({ verdicts: [extension(), extension({ id: 'v-3', effect: 'forbid' })] }),
  () => policy({ verdicts: [extension({ validUntil: testTime + 2_000 })] }),
  drafting({ text: 'Ninety days, I promise: 90 days.', commitments: [promise] }),
  drafting({ commitments: [{ ...promise, subject: 'loan:other' }] }),
  drafting({ claims: [aClaim({ id: 'd-1', predicate: 'loan.fee' })] }),
  drafting({ citations: [{ start: 0, end: 4, claim: 'invented', source: 'nowhere' }] }),
  drafting({ envelope: { basedOn: [{ id: 'brief of long ago', hash: 'x' }] } }),
  (run) => (published(run, 'briefs') ? { ...draftFor(run), id: 'again' } : null),
  ...statuses.flatMap((status) => revisions.map((revision) => reporting(promise, status, revision))),
  deciding({ caseVersion: 1 }),
  deciding({ shownHash: 'forged' }),
  deciding({ decision: 'edit', text: 'You may keep it for 30 days.' }),
  deciding({ decision: 'edit', text: 'You may keep it for 90 days.' }),
  deciding({ decision: 'respond', text: 'extend_loan for loan:L1, as you asked.' }),
  deciding({ decision: 'respond', text: 'We will call you.' }),
  deciding({ decision: 'reject' }),
  deciding({ decision: 'reject', text: 'No, but here are €500.' }),
  () => ({ noun: 'due' }),
]

/** One step, how often it comes, and how many milliseconds after the one before. */
export interface Happening {
  step: Step
  times: number
  waitMs: number
}

const happening = fc.record({
  step: fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...usual) }, { weight: 2, arbitrary: fc.constantFrom(...unusual) }),
  times: fc.constantFrom(1, 1, 1, 2),
  waitMs: fc.oneof(
    { weight: 12, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.constantFrom(10, 2_000, 61_000, 400_000, 4_000_000) },
  ),
})

/** Most cases get as far as a brief, in whatever order; chance alone would leave them in their first states. */
const beginning = fc
  .tuple(fc.shuffledSubarray([0, 1, 2]), fc.nat({ max: 2 }))
  .map(([order, ruling]) =>
    [...order, 3 + ruling].map((index): Happening => ({ step: usual[index] ?? (() => null), times: 1, waitMs: 0 })),
  )

export const histories: fc.Arbitrary<Happening[]> = fc
  .tuple(beginning, fc.array(happening, { maxLength: 40 }))
  .map(([first, rest]) => [...first, ...rest])

/** @param each is told of every input, with the case before and after. */
export function play(
  history: readonly Happening[],
  each: (before: CaseRun, after: CaseRun, input: CaseInput, now: number) => void = () => undefined,
): CaseRun {
  let run = caseRun()
  let now = testTime + 1_000
  for (const { step, times, waitMs } of history) {
    now += waitMs
    const input = step(run)
    for (let repeat = 0; input !== null && repeat < times; repeat++) {
      const before = run
      run = run.receive(input, now)
      each(before, run, input, now)
    }
  }
  return run
}
