/** Invariants 1 and 8: the store is lost or set back in the middle of everything, and the topics are enough to go on. */
import { createDecider, runDemo, sampleErrands, unmet } from '@concord/cli'
import { caseKey, replies, type CaseEvent, type Escalation, type Request } from '@concord/contracts'
import { createCoordinator } from '@concord/coordinator'
import { caseStoreKey } from '@concord/runtime'
import { createMemoryStore, type MemoryStore } from '@concord/store'
import { eventually } from '@concord/testing'
import { expect, test } from 'vitest'
import { startWorld, tenantId, type World, type WorldOptions } from './world.ts'

/** Topics on which only the coordinator writes. */
const decided = ['briefs', 'reworks', 'replies', 'actions', 'escalations', 'case-events']

async function losable(options: Omit<WorldOptions, 'ports'> = {}): Promise<{ world: World; store: MemoryStore }> {
  const store = createMemoryStore({ rewindableMs: 5_000 })
  return { world: await startWorld({ ...options, ports: { store } }), store }
}

/** Whether all members are ready: nothing is rebuilt any more. */
const allReady = (world: World): Promise<void> =>
  eventually(() => expect(world.constellation.services.flatMap((service) => service.missing())).toEqual([]))

async function caseOf(store: MemoryStore, request: Pick<Request, 'tenantId' | 'requestId'>): Promise<unknown> {
  const found = await store.get(caseStoreKey('coordinator', caseKey(request)))
  return found && (JSON.parse(found.value) as { state: unknown }).state
}

/** One id has one content, on every topic that the coordinator alone writes; a case's events fold to what is stored of it. */
async function expectOneTruth(world: World, store: MemoryStore, asked: readonly Request[]): Promise<void> {
  const contents = new Map<string, string>()
  const records = await world.records(...decided.map((noun) => `concord.${noun}.v1`))
  for (const { topic, headers, value } of records) {
    const id = `${topic} ${String(headers['ce_id'])}`
    const bytes = value?.toString('base64') ?? ''
    expect(bytes, id).toBe(contents.get(id) ?? bytes)
    contents.set(id, bytes)
  }
  const { initial, evolve, journal } = createCoordinator({ domain: world.constellation.domain })
  for (const request of asked) {
    expect(world.outcomes.outcomeIds(request).size, request.requestId).toBeLessThanOrEqual(1)
    const entries = world.of(request.requestId, 'case-events').map(({ value }) => value as unknown as CaseEvent)
    const events = [...new Map(entries.map((entry) => [entry.caseVersion, entry])).values()]
    expect(events.map(({ caseVersion }) => caseVersion)).toEqual(events.map((_, index) => index + 1))
    expect(events.map(journal.event).reduce(evolve, initial), request.requestId).toEqual(await caseOf(store, request))
  }
}

for (const how of ['wiped', 'set back by a second', 'started again'] as const) {
  test(`the samples get what they must get while the store is ${how}, again and again`, async () => {
    const { world, store } = await losable()
    const lose = {
      wiped: () => store.wipe(),
      'set back by a second': () => store.rewind(1_000),
      'started again': () => store.restart(),
    }
    const errands = sampleErrands(world.constellation.domain, tenantId)
    const { results, entries, contradicted } = await runDemo({
      constellation: world.constellation,
      errands,
      concurrency: 8,
      onResult: (_, done) => done % 12 === 0 && lose[how](),
    })
    expect(contradicted).toEqual([])
    const failed = errands.flatMap(({ sample, request }) => {
      const result = results.get(request.requestId)
      const own = entries.filter(({ requestId }) => requestId === request.requestId)
      const problems = sample === undefined || result === undefined ? ['no outcome'] : unmet(sample.expect, result, own)
      return problems.map((problem) => `${request.requestId}: ${problem}`)
    })
    expect(failed).toEqual([])
    await allReady(world)
    await eventually(() =>
      expectOneTruth(
        world,
        store,
        errands.map(({ request }) => request),
      ),
    )
    expect(await world.deadLetters()).toEqual([])
  }, 60_000)
}

test('two replicas of the coordinator rebuild their partitions, and every case is what it was', async () => {
  const { world, store } = await losable({ scale: { coordinator: 2 } })
  const asked = Array.from({ length: 24 }, (_, at) =>
    world.request({ text: `How many days do I have to return shoes? (${at})`, conversationId: `c-${at % 11}` }),
  )
  await world.send(...asked)
  await Promise.all(asked.map((request) => world.outcomes.waitFor(request)))
  const before = await Promise.all(asked.map((request) => caseOf(store, request)))
  store.wipe()
  await eventually(async () => expect(await Promise.all(asked.map((request) => caseOf(store, request)))).toEqual(before))
  await allReady(world)
  await expectOneTruth(world, store, asked)
}, 20_000)

test('a request that comes again after a loss gets its outcome again, byte for byte', async () => {
  const { world, store } = await losable()
  const metadata = { zone: 'north', 10: 'ten', 9: 'nine', app: 'web' }
  const request = world.request({ text: 'Do you ship to Finland?', metadata })
  expect(await world.ask(request)).toMatchObject({ outcome: 'answered' })
  store.wipe()
  await world.send(request)
  await eventually(() => expect(world.of(request.requestId, 'replies')).toHaveLength(2))
  const [first, again] = (await world.records(replies.name)).map(({ value }) => value?.toString('base64'))
  expect(again).toBe(first)
}, 15_000)

test('a case that waits for a person waits on after a loss, and ends as they decide', async () => {
  const { world, store } = await losable()
  const { broker, codec, clock, domain } = world.constellation
  const sample = domain.samples.find(({ expect: wanted }) => wanted.outcome === 'escalated')
  const request = world.request({ ...sample?.request })
  expect(await world.ask(request)).toMatchObject({ outcome: 'escalated' })
  const { requestId } = request
  const [shown] = world.of(requestId, 'escalations').map(({ value }) => value as unknown as Escalation)
  store.wipe()
  const publish = world.sendRecords
  const decide = createDecider({
    broker,
    store,
    codec,
    clock,
    domainVersion: domain.version,
    publish: (records) => publish(...records),
  })
  const { caseVersion, shownHash } = shown!
  const verdict = { requestId, decision: 'reject' as const, text: null, reason: 'No.', reviewer: 'rae', caseVersion, shownHash }
  await eventually(async () => expect(await decide(verdict)).toMatchObject({ event: 'decided' }))
  await eventually(() => expect(world.outcomes.outcomeIds(request).size).toBe(1))
  expect(world.of(requestId, 'replies').at(-1)?.value).toMatchObject({ decidedBy: 'rae' })
}, 15_000)
