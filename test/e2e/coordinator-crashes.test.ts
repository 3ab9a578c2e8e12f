/**
 * The real coordinator in its shell, which dies or fails between any two effects: every case ends once, nothing is contradicted, nothing
 * is lost. Invariants 1, 3, 4 and 8.
 */
import {
  actionResults,
  actions,
  briefs,
  caseEvents,
  caseKey,
  decisions,
  drafts,
  escalations,
  knowledge,
  messageHash,
  policy,
  replies,
  requests,
  reworks,
  triaged,
  type Action,
  type Brief,
  type CaseEvent,
  type Escalation,
  type Reply,
  type Topic,
  type Verdict,
} from '@concord/contracts'
import {
  aDecision,
  aDraft,
  aKnowledge,
  anActionResult,
  anEnvelope,
  aPolicy,
  aRequest,
  aTriage,
  aVerdict,
} from '@concord/contracts/testing'
import { createCoordinator } from '@concord/coordinator'
import { loadDomain } from '@concord/domain'
import { libraryFolder } from '@concord/domain/testing'
import { caseStoreKey, runProcess } from '@concord/runtime'
import { createBench, planned, type Bench, type Plan } from '@concord/runtime/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'

const domain = await loadDomain(libraryFolder)
const coordinator = createCoordinator({ domain })

const cases = ['answered', 'acted', 'approved', 'conflicting', 'expired', 'revised'] as const
type CaseId = (typeof cases)[number]
const of = (requestId: string, agent: string, more: Parameters<typeof anEnvelope>[0] = {}) =>
  anEnvelope({ requestId, ...more }, { agent })

const renewal = (effect: Verdict['effect'], recordVersion = '1') =>
  aVerdict({
    id: `v-${recordVersion}`,
    action: 'renew',
    subject: 'loan:L100',
    effect,
    recordVersion,
    args: '{"loanId":"L100","days":21}',
  })

function ruling(requestId: string, revision = 0) {
  const effect = requestId === 'approved' ? 'needs_approval' : 'permit'
  const asked = ['acted', 'approved', 'conflicting'].includes(requestId)
  return aPolicy({
    verdicts: asked ? [renewal(effect, String(revision + 1))] : [],
    envelope: of(requestId, 'policy', { revision }),
  })
}

interface Arrival {
  topic: Topic
  value: unknown
}

/** What arrives unasked. Knowledge comes before triage here and there, and a message twice. */
const script: Arrival[] = cases.flatMap((requestId) => {
  const request = { topic: requests, value: aRequest({ requestId }) }
  const intent = ruling(requestId).verdicts.length > 0 ? 'renew_loan' : 'loan_length'
  const triage = { topic: triaged, value: aTriage({ intent, envelope: of(requestId, 'triage') }) }
  const said = { topic: knowledge, value: aKnowledge({ envelope: of(requestId, 'knowledge') }) }
  const ruled = { topic: policy, value: ruling(requestId) }
  if (requestId === 'expired') return [request, triage]
  return requestId === 'acted' ? [said, request, triage, triage, ruled] : [request, triage, said, ruled, said]
})

/** The agents around the coordinator, and the person: each record that it publishes is answered, repeated ones too. */
function createSurroundings(bench: Bench) {
  const answered = new Map<Topic, number>()
  const rules: [Topic, (value: never) => Arrival][] = [
    [briefs, (brief: Brief) => ({ topic: drafts, value: draftFor(brief) })],
    [actions, (action: Action) => ({ topic: actionResults, value: resultOf(action) })],
    [
      reworks,
      ({ envelope }: { envelope: Brief['envelope'] }) => ({
        topic: policy,
        value: ruling(envelope.requestId, envelope.revision),
      }),
    ],
    [escalations, (escalation: Escalation) => ({ topic: decisions, value: decisionOn(escalation) })],
  ]
  return async (): Promise<boolean> => {
    let acted = false
    for (const [topic, answer] of rules) {
      const published = await bench.on(topic)
      for (const { value } of published.slice(answered.get(topic) ?? 0)) {
        const { topic: to, value: said } = answer(value as never)
        await bench.send(to, said)
        acted = true
      }
      answered.set(topic, published.length)
    }
    return acted
  }
}

function draftFor(brief: Brief) {
  const { envelope, claims, permitted, objections } = brief
  const promised = permitted[0]
  const [claim] = claims
  const { requestId, revision, messageId } = envelope
  const lie = requestId === 'revised' && objections.length === 0
  const text =
    promised === undefined ? domain.wording.describe(claim!).replace('30', lie ? '90' : '30') : domain.wording.promise(promised)
  return aDraft({
    text,
    citations: claim === undefined ? [] : [{ start: 0, end: text.length, claim: claim.id, source: 'Loans, version 1' }],
    commitments: promised === undefined ? [] : [{ action: promised.action, subject: promised.subject, amount: null, due: null }],
    envelope: { ...of(requestId, 'response', { revision }), basedOn: [{ id: messageId, hash: messageHash(brief) }] },
  })
}

/** The record of `conflicting` has changed since the first verdict saw it. */
function resultOf({ key, action, subject, recordVersion, envelope }: Action) {
  const { requestId, revision } = envelope
  const status = requestId === 'conflicting' && recordVersion === '1' ? 'conflict' : 'done'
  return anActionResult({ key, action, subject, status, envelope: of(requestId, 'executor', { revision }) })
}

function decisionOn({ envelope, caseVersion, shownHash }: Escalation) {
  return aDecision({
    decision: 'approve',
    caseVersion,
    shownHash,
    envelope: of(envelope.requestId, 'queue', { revision: caseVersion }),
  })
}

/** Runs the script through replicas that die as planned, one after the other, and at last through one that lives. */
async function live(arrivals: readonly Arrival[], plans: readonly Plan[]): Promise<{ bench: Bench; effects: number }> {
  const bench = await createBench({ manifest: coordinator })
  const surroundings = createSurroundings(bench)
  const left = [...arrivals]
  let effects = 0
  for (const [replica, plan] of [...plans, null].entries()) {
    const clientId = `coordinator-${replica}`
    const world = planned(bench.deps, bench.broker, clientId, plan)
    const run = runProcess(coordinator, world.deps, { clientId, sweepMs: 2_500 })
    await bench.pass(replica === 0 ? 2_000 : 12_000)
    for (let next = left[0]; next !== undefined && !world.crashed(); next = left[0]) {
      await bench.send(next.topic, next.value)
      left.shift()
    }
    while (!world.crashed() && (await surroundings())) await bench.pass(1_500)
    if (!world.crashed()) await bench.pass(70_000)
    while (!world.crashed() && (await surroundings())) await bench.pass(1_500)
    effects += world.effects()
    if (world.crashed()) continue
    await Promise.all([run.stop(), bench.pass(10_000)])
  }
  return { bench, effects }
}

/** Records by message id: one id has one content. */
async function contents<T>(bench: Bench, topic: Topic): Promise<T[]> {
  const byId = new Map<string, unknown>()
  for (const { value, record } of await bench.on(topic)) {
    const id = String(record.headers['ce_id'])
    if (byId.has(id)) expect(value).toEqual(byId.get(id))
    byId.set(id, value)
  }
  return [...byId.values()] as T[]
}

const everything = async (bench: Bench): Promise<{ envelope: Reply['envelope'] }[]> =>
  (await Promise.all([briefs, replies, actions, escalations, reworks].map((topic) => contents<Reply>(bench, topic)))).flat()

const journalled = ({ outputs }: CaseEvent): string[] =>
  (JSON.parse(outputs) as { value: { envelope: { messageId: string } } }[]).map(({ value }) => value.envelope.messageId)

/** What must hold whatever happened. @returns how each case ended. */
async function judge(bench: Bench): Promise<Record<string, string[]>> {
  const [said, history, acted] = await Promise.all([
    contents<Reply>(bench, replies),
    contents<CaseEvent>(bench, caseEvents),
    contents<Action>(bench, actions),
  ])
  const recorded = new Set(history.flatMap(journalled))
  expect([...said, ...acted].filter(({ envelope }) => !recorded.has(envelope.messageId))).toEqual([])
  const published = new Set((await everything(bench)).map(({ envelope }) => envelope.messageId))
  expect([...recorded].filter((id) => !published.has(id as never))).toEqual([])
  for (const requestId of cases) {
    const own = history
      .filter(({ envelope }) => envelope.requestId === requestId)
      .toSorted((a, b) => a.caseVersion - b.caseVersion)
    expect(own.map(({ caseVersion }) => caseVersion)).toEqual(own.map((_, index) => index + 1))
    const folded = own.map(({ data }) => JSON.parse(data) as never).reduce(coordinator.evolve, coordinator.initial)
    const stored = await bench.deps.store.get(caseStoreKey('coordinator', caseKey(aRequest({ requestId }))))
    if (stored !== null) expect(folded).toEqual((JSON.parse(stored.value) as { state: unknown }).state)
  }
  const ends = said.filter(({ outcome }) => outcome !== 'escalated')
  return Object.fromEntries(
    cases.map((id) => [
      id,
      ends.filter(({ envelope }) => envelope.requestId === id).map(({ outcome, reason }) => `${outcome} ${reason}`),
    ]),
  )
}

const expected: Record<CaseId, string[]> = {
  answered: ['answered agreed'],
  acted: ['answered agreed'],
  approved: ['answered agreed'],
  conflicting: ['answered agreed'],
  expired: ['expired deadline_exceeded'],
  revised: ['answered agreed'],
}

test('without faults every case ends as it must, and its actions are approved once each', async () => {
  const { bench, effects } = await live(script, [])
  expect(await judge(bench)).toEqual(expected)
  const acted = await contents<Action>(bench, actions)
  expect(acted.map(({ envelope, recordVersion }) => `${envelope.requestId} ${recordVersion}`).toSorted()).toEqual([
    'acted 1',
    'approved 1',
    'conflicting 1',
    'conflicting 2',
  ])
  expect(effects).toBeGreaterThan(60)
})

for (const how of ['crash', 'fail'] as const) {
  for (const when of ['before', 'after'] as const) {
    test(`a ${how} ${when} any one effect loses nothing and contradicts nothing`, async () => {
      const { effects } = await live(script, [])
      for (let at = 1; at <= effects; at++) {
        const { bench } = await live(script, [{ at, when, how }])
        expect(await judge(bench), `${how} ${when} effect ${at}`).toEqual(expected)
      }
    }, 120_000)
  }
}

test('whatever comes in whatever order, is lost or repeated, and whenever replicas die, every case ends once', async () => {
  const plan = fc.record({
    at: fc.integer({ min: 1, max: 40 }),
    when: fc.constantFrom('before' as const, 'after' as const),
    how: fc.constantFrom('crash' as const, 'fail' as const),
  })
  const arrivals = fc
    .subarray(script, { minLength: 1 })
    .chain((some) => fc.tuple(fc.shuffledSubarray(some, { minLength: some.length }), fc.subarray(some)))
  await fc.assert(
    fc.asyncProperty(arrivals, fc.array(plan, { maxLength: 3 }), async ([arriving, again], plans) => {
      const { bench } = await live([...arriving, ...again], plans)
      const ends = await judge(bench)
      const opened = new Set(arriving.map(({ value }) => requestIdOf(value)))
      for (const id of cases) expect(ends[id]?.length, `${id}: ${ends[id]?.join()}`).toBe(opened.has(id) ? 1 : 0)
    }),
    { numRuns: 40 },
  )
}, 60_000)

function requestIdOf(value: unknown): string {
  const { requestId, envelope } = value as { requestId?: string; envelope?: { requestId: string } }
  return requestId ?? envelope?.requestId ?? ''
}
