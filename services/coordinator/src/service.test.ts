import {
  briefs,
  caseEvents,
  caseKey,
  decisions,
  drafts,
  escalations,
  failures,
  knowledge,
  messageHash,
  policy,
  replies,
  requests,
  triaged,
  type Brief,
  type CaseEvent,
  type Escalation,
  type Failure,
  type Reply,
} from '@concord/contracts'
import { aDecision, aDraft, aKnowledge, aPolicy, aRequest, aTriage } from '@concord/contracts/testing'
import { loadDomain } from '@concord/domain'
import { libraryFolder } from '@concord/domain/testing'
import { caseStoreKey, runProcess } from '@concord/runtime'
import { createBench, type Bench } from '@concord/runtime/testing'
import { expect, onTestFinished, test } from 'vitest'
import { createCoordinator, escalatedIndex } from './service.ts'

type Coordinator = ReturnType<typeof createCoordinator>

const coordinator = createCoordinator({ domain: await loadDomain(libraryFolder) })
const loanQuestion = aTriage({ intent: 'loan_length' })

async function setUp(definition: Coordinator = coordinator): Promise<Bench> {
  const bench = await createBench({ manifest: definition })
  const running = runProcess(definition, bench.deps, { clientId: 'coordinator-0' })
  onTestFinished(async () => {
    const stopping = running.stop()
    await bench.pass(20_000)
    await stopping
  })
  await bench.pass()
  await running.started
  return bench
}

const valuesOn = async <T>(bench: Bench, topic: Parameters<Bench['on']>[0]): Promise<T[]> =>
  (await bench.on(topic)).map(({ value }) => value as T)

async function briefed(bench: Bench): Promise<Brief> {
  await bench.send(requests, aRequest())
  await bench.send(triaged, loanQuestion)
  await bench.send(knowledge, aKnowledge())
  await bench.send(policy, aPolicy())
  const [brief] = await valuesOn<Brief>(bench, briefs)
  if (brief === undefined) throw new Error('no brief was published')
  return brief
}

const draftOf = (brief: Brief) =>
  aDraft({
    text: 'A book may be kept for 30 days.',
    envelope: { revision: brief.envelope.revision, basedOn: [{ id: brief.envelope.messageId, hash: messageHash(brief) }] },
  })

const history = (bench: Bench) => valuesOn<CaseEvent>(bench, caseEvents)

test('a request is answered, and its history is numbered without gaps and folds to the stored state', async () => {
  const bench = await setUp()
  await bench.send(drafts, draftOf(await briefed(bench)))
  expect(await valuesOn<Reply>(bench, replies)).toMatchObject([{ outcome: 'answered', decidedBy: 'agents' }])
  const steps = await history(bench)
  expect(steps.map(({ event }) => event)).toEqual(
    'opened triaged informed ruled compared briefed drafted checked closed'.split(' '),
  )
  expect(steps.map(({ caseVersion }) => caseVersion)).toEqual(steps.map((_, index) => index + 1))
  expect(new Set(steps.map(({ envelope }) => envelope.messageId)).size).toBe(steps.length)
  type Event = Parameters<Coordinator['evolve']>[1]
  const folded = steps.map(({ data }) => JSON.parse(data) as Event).reduce(coordinator.evolve, coordinator.initial)
  const stored = await bench.deps.store.get(caseStoreKey('coordinator', caseKey(aRequest())))
  expect(folded).toMatchObject({ status: 'closed', version: steps.length })
  expect(JSON.parse(stored?.value ?? 'null')).toMatchObject({ state: folded, version: steps.length })
})

test('each step of the history carries what it published', async () => {
  const bench = await setUp()
  const brief = await briefed(bench)
  const step = (await history(bench)).find(({ event }) => event === 'briefed')
  expect(JSON.parse(step?.outputs ?? '[]')).toEqual([{ topic: briefs.name, value: brief }])
  expect(step?.inputs).toEqual([{ id: aPolicy().envelope.messageId, hash: messageHash(aPolicy()) }])
})

test.each([
  [policy, 'policy', {}],
  [knowledge, 'knowledge', { ce_source: '/agents/somebody-else' }],
])(
  'an answer on $noun that cannot be read counts as its agent’s failure, whatever its headers say',
  async (topic, agent, headers) => {
    const bench = await setUp()
    await bench.send(requests, aRequest())
    await bench.send(triaged, loanQuestion)
    await bench.pass()
    const record = { topic: topic.name, key: 'acme:req-1', value: Buffer.from([1, 2, 3]) }
    await bench.sendRecord({ ...record, headers: { ce_subject: 'req-1', ...headers } })
    expect(await valuesOn<Failure>(bench, failures)).toMatchObject([{ agent, code: 'unreadable' }])
    expect(await valuesOn<Escalation>(bench, escalations)).toMatchObject([{ reason: 'agent_failed' }])
    expect(await bench.on(`${topic.name}.coordinator.dlq`)).toHaveLength(1)
  },
)

test('two answers of one agent that nobody can read are two failures, each with an id of its own', async () => {
  const bench = await setUp()
  await bench.send(requests, aRequest())
  await bench.send(triaged, loanQuestion)
  await bench.pass()
  for (const byte of [1, 2]) {
    const record = { topic: knowledge.name, key: 'acme:req-1', value: Buffer.from([byte]) }
    await bench.sendRecord({ ...record, headers: { ce_subject: 'req-1' } })
  }
  const told = await valuesOn<Failure>(bench, failures)
  expect(new Set(told.map(({ envelope }) => envelope.messageId)).size).toBe(2)
})

test('what nobody awaits and nobody can read is a dead letter and no more', async () => {
  const bench = await setUp()
  await bench.send(requests, aRequest())
  await bench.pass()
  for (const source of ['/agents/queue', `/agents/${'x'.repeat(500)}`, '/agents/constructor']) {
    const headers = { ce_subject: 'req-1', ce_source: source }
    await bench.sendRecord({ topic: decisions.name, key: 'acme:req-1', value: Buffer.from([1]), headers })
  }
  expect(await bench.on(`${decisions.name}.coordinator.dlq`)).toHaveLength(3)
  expect(await bench.on(failures)).toEqual([])
  await bench.pass(61_000)
  expect(await valuesOn<Reply>(bench, replies)).toMatchObject([{ outcome: 'expired' }])
})

test('a case whose decision throws goes to a person as the coordinator’s fault', async () => {
  const broken: Coordinator = {
    ...coordinator,
    decide(state, input, now) {
      if (input.kind === 'message' && input.noun === 'knowledge') throw new TypeError('boom')
      return coordinator.decide(state, input, now)
    },
  }
  const bench = await setUp(broken)
  await bench.send(requests, aRequest())
  await bench.send(triaged, loanQuestion)
  await bench.send(knowledge, aKnowledge())
  expect(await valuesOn<Escalation>(bench, escalations)).toMatchObject([{ reason: 'coordinator_failed' }])
  expect((await valuesOn<Reply>(bench, replies)).map(({ outcome }) => outcome)).toEqual(['escalated'])
  expect(await bench.on(`${knowledge.name}.coordinator.dlq`)).toEqual([])
})

test('a case stands in the index of those that wait for a person until it is decided', async () => {
  const bench = await setUp()
  const waiting = () => bench.deps.store.range(escalatedIndex, { limit: 10 })
  await bench.send(requests, aRequest())
  await bench.pass()
  expect(await waiting()).toEqual([])
  await bench.send(triaged, aTriage({ riskFlags: ['legal'] }))
  const [shown] = await valuesOn<Escalation>(bench, escalations)
  if (shown === undefined) throw new Error('nobody was asked')
  const { caseVersion, shownHash, slaAt } = shown
  expect(await waiting()).toMatchObject([{ score: slaAt }])
  await bench.send(decisions, aDecision({ decision: 'respond', text: 'We will write to you.', caseVersion, shownHash }))
  expect((await valuesOn<Reply>(bench, replies)).map(({ outcome }) => outcome)).toEqual(['escalated', 'answered'])
  expect(await waiting()).toEqual([])
})
