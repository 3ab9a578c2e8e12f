import { topics } from '@concord/contracts'
import { aClaim, aPassage, aToolResult, anEnvelope } from '@concord/contracts/testing'
import { expect, test } from 'vitest'
import { fits } from './sizes.ts'
import {
  caseRun,
  decision,
  draftFor,
  extension,
  knowledge,
  policy,
  promise,
  request,
  triage,
  type CaseRun,
} from './testing/case-spec.ts'

const many = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, index) => make(index))
/** Two UTF-16 units and four bytes each, so that a cut may fall into one. */
const books = (units: number) => `x${'\u{1f4da}'.repeat(units / 2 - 1)}`

const claims = (prefix: string, predicate: string) =>
  many(100, (index) =>
    aClaim({ id: `${prefix}-${index}`.padEnd(200, '#'), predicate, value: { kind: 'text', text: `${index} ${books(3_900)}` } }),
  )
const verdicts = (effect: 'permit' | 'forbid' | 'needs_approval') =>
  many(50, (index) =>
    extension({
      id: `v-${index}`,
      action: `act-${index}`,
      subject: books(200),
      effect,
      reason: books(1_000),
      args: books(4_000),
      obligations: many(20, (place) => ({ id: `o-${index}-${place}`, text: books(1_000) })),
    }),
  )

function checkAll({ events, published }: CaseRun): void {
  for (const event of events) expect(fits(event), event.type).toBe(true)
  for (const { topic, value } of published) {
    const schema = topics.find(({ name }) => name === topic.name)?.schema
    expect(schema?.safeParse(value).error, topic.name).toBeUndefined()
  }
}

const start = () => caseRun().receive(request()).receive(triage())
const hugeKnowledge = (predicate: string) =>
  knowledge({
    claims: claims('k', predicate),
    passages: many(20, (index) => aPassage({ id: `p-${index}`, text: books(4_000), quote: books(2_000) })),
  })

test('a hundred claims that all contradict each other go to a person, as far as a record holds them', () => {
  const run = start().receive(hugeKnowledge('loan.period')).receive(policy())
  expect(run.state.status).toBe('escalated')
  checkAll(run)
})

test('a conflict of long claims is shown as a conflict, with as many of its findings as a record holds', () => {
  const run = start()
    .receive(knowledge({ claims: claims('k', 'loan.period').slice(0, 9) }))
    .receive(policy())
  expect(run.last('escalations').reason).toBe('contradiction')
  expect(run.last('escalations').findings.length).toBeGreaterThan(0)
  checkAll(run)
})

test('claims and verdicts that no brief can hold go to a person', () => {
  const run = start()
    .receive(knowledge({ claims: claims('k', 'a').map((claim, index) => ({ ...claim, predicate: `a-${index}` })) }))
    .receive(policy({ verdicts: verdicts('permit') }))
  expect(run.last('escalations')).toMatchObject({ reason: 'too_large' })
  checkAll(run)
})

test.each(['forbid', 'needs_approval'] as const)('rulings of any length lead on, or to a person: %s', (effect) => {
  const some = verdicts(effect).slice(0, 25)
  const short = some.map((verdict) => ({ ...verdict, args: '{}', obligations: verdict.obligations.slice(0, 1) }))
  let run = start()
    .receive(knowledge())
    .receive(policy({ verdicts: short }))
  const commitments = short.map(({ action, subject }) => ({ action, subject }))
  run = run.receive(draftFor(run, { text: books(8_000), commitments }))
  expect(['revising', 'escalated']).toContain(run.state.status)
  checkAll(run)
})

test('a draft of nothing but values that nobody agreed leads to a revision', () => {
  const run = start().receive(knowledge()).receive(policy())
  const text = many(900, (index) => `€${index + 5}`).join(' ')
  const commitments = many(50, (index) => ({
    action: 'a'.repeat(100),
    subject: `${index}`.padEnd(200, 's'),
    due: 'x'.repeat(40),
  }))
  let revised = run.receive(draftFor(run, { text, commitments }))
  checkAll(revised)
  while (revised.state.status === 'revising') revised = revised.receive(draftFor(revised, { text, commitments }))
  expect(revised.last('escalations').reason).toBe('contradiction')
  checkAll(revised.receive(decision(revised)))
})

test('what is too large to be kept beside a case that a person has is dropped, and the case stays', () => {
  const threat = caseRun()
    .receive(request())
    .receive(triage({ riskFlags: ['legal_threat'] }))
  const toolResults = many(40, (index) => aToolResult({ id: `t-${index}`, data: books(32_000) }))
  const run = threat.receive(policy({ toolResults }))
  expect(run.events.at(-1)?.type).toBe('late')
  checkAll(run)
})

test('an emoji where a text is cut is not cut in two', () => {
  const subject = `loan:${books(190)}`
  const run = start()
    .receive(knowledge())
    .receive(
      policy({
        verdicts: many(9, (index) =>
          extension({ id: `v-${index}`, action: `${index}`, subject, effect: 'needs_approval', reason: books(1_000) }),
        ),
      }),
    )
  const commitments = many(9, (index) => ({ ...promise, action: `${index}`, subject }))
  checkAll(run.receive(draftFor(run, { commitments })))
  const flags = many(90, () => books(64))
  const envelope = anEnvelope()
  checkAll(
    caseRun()
      .receive(request(envelope))
      .receive(triage({ riskFlags: ['legal_threat', ...flags] })),
  )
})
