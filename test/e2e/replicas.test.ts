/** Invariants 3 and 4: replicas come, go and die, and nothing is lost, contradicted or paid for twice. */
import { runDemo, sampleErrands, unmet } from '@concord/cli'
import { briefs, requests, triaged, type Request } from '@concord/contracts'
import { serviceNames, type ServiceName } from '@concord/dev-env'
import { eventually } from '@concord/testing'
import { expect, test } from 'vitest'
import { startWorld, tenantId, type World } from './world.ts'

const agents = ['triage', 'knowledge', 'policy', 'response'] as const

function questions(world: World, count: number): Request[] {
  const texts = [
    'How many days do I have to return shoes?',
    'Do you ship to Finland?',
    'How can I unsubscribe from the newsletter?',
  ]
  return Array.from({ length: count }, (_, at) =>
    world.request({ text: `${texts[at % texts.length]} (${at})`, conversationId: `c-${at % 17}` }),
  )
}

async function expectOneOutcomeEach(world: World, asked: readonly Request[]): Promise<void> {
  const results = await Promise.all(asked.map((request) => world.outcomes.waitFor(request)))
  expect(results.filter(({ outcome }) => outcome !== 'answered')).toEqual([])
  for (const request of asked) {
    expect(world.outcomes.outcomeIds(request).size, request.requestId).toBe(1)
    const texts = new Set(world.of(request.requestId, 'replies').map(({ value }) => value['text']))
    expect(texts.size, request.requestId).toBe(1)
  }
}

/** Runs all samples, with something that happens when so many of them are done. */
async function expectSamples(world: World, disturb: (done: number) => void): Promise<void> {
  const errands = sampleErrands(world.constellation.domain, tenantId)
  const { results, entries, contradicted } = await runDemo({
    constellation: world.constellation,
    errands,
    concurrency: 8,
    onResult: (_, done) => disturb(done),
  })
  expect(contradicted).toEqual([])
  const failed = errands.flatMap(({ sample, request }) => {
    const result = results.get(request.requestId)
    const own = entries.filter(({ requestId }) => requestId === request.requestId)
    const problems = sample === undefined || result === undefined ? ['no outcome'] : unmet(sample.expect, result, own)
    return problems.map((problem) => `${request.requestId}: ${problem}`)
  })
  expect(failed).toEqual([])
}

/** Prompts that the model was asked more than once. */
function repeatedCalls(world: World): string[] {
  const counts = new Map<string, number>()
  for (const { promptHash } of world.simulator.calls()) counts.set(promptHash, (counts.get(promptHash) ?? 0) + 1)
  return [...counts].filter(([, count]) => count > 1).map(([hash]) => hash)
}

test('two replicas of each service share the work', async () => {
  const scale = Object.fromEntries(serviceNames.map((name) => [name, 2]))
  const world = await startWorld({ scale })
  const asked = questions(world, 60)
  await world.send(...asked)
  await expectOneOutcomeEach(world, asked)
  expect(repeatedCalls(world)).toEqual([])
  for (const replica of world.constellation.services.filter(({ name }) => name !== 'executor')) {
    expect(await replica.scrape(), replica.name).toMatch(/concord_messages_handled_total\{.*\} [1-9]/)
  }
}, 15_000)

for (const name of serviceNames) {
  test(`the samples get what they must get while a replica of ${name} dies`, async () => {
    const world = await startWorld({ scale: { [name]: 2 } })
    await expectSamples(world, (done) => {
      if (done === 20) world.kill(`${name}-0`)
    })
  }, 30_000)
}

test('the samples get what they must get while every service dies and is started again', async () => {
  const world = await startWorld()
  await expectSamples(world, (done) => {
    const name = done % 8 === 0 ? serviceNames[done / 8 - 1] : undefined
    if (name === undefined) return
    world.kill(`${name}-0`)
    void world.constellation.start(name, `${name}-again`)
  })
}, 30_000)

test('every service is stopped and started in the middle, and no finished model call is paid for again', async () => {
  const world = await startWorld()
  const asked = questions(world, 60)
  for (const [turn, name] of serviceNames.entries()) {
    await world.send(...asked.slice(turn * 10, turn * 10 + 10))
    await world.constellation.end(`${name}-0`)
    await world.constellation.start(name, `${name}-again`)
  }
  await expectOneOutcomeEach(world, asked)
  const finished = world.entries
    .filter(({ noun }) => noun === 'model-calls')
    .map(({ value }) => value as { outcome: string; callId: string })
  const paid = finished.filter(({ outcome }) => outcome === 'ok').map(({ callId }) => callId)
  expect(new Set(paid).size).toBe(paid.length)
}, 20_000)

test('the group gives a partition to another replica, and what is read again is not done again', async () => {
  const scale: Partial<Record<ServiceName, number>> = Object.fromEntries(agents.map((name) => [name, 2]))
  const world = await startWorld({ scale })
  const asked = questions(world, 30)
  for (const [turn, request] of asked.entries()) {
    await world.ask(request)
    if (turn % 5 === 4) for (const name of agents) world.broker.expire(`${name}-${turn % 2}`)
  }
  await expectOneOutcomeEach(world, asked)
  expect(repeatedCalls(world)).toEqual([])
}, 20_000)

test('a message that comes again asks no model and publishes nothing', async () => {
  const world = await startWorld()
  const request = world.request({ text: 'How many days do I have to return shoes?' })
  await world.ask(request)
  await eventually(() => expect(world.of(request.requestId, 'model-calls')).toHaveLength(3))
  const calls = world.simulator.calls().length
  const said = world.entries.length
  const records = await world.records(requests.name, triaged.name, briefs.name)
  await world.sendRecords(...records.map(({ topic, key, value, headers }) => ({ topic, key, value, headers })))
  // The request's repetition is answered again, and when that is there, so is what is below it on the other topics.
  await eventually(() => expect(world.of(request.requestId, 'replies')).toHaveLength(2))
  await world.ask(world.request({ text: 'Do you ship to Finland?', conversationId: request.requestId }))
  const since = world.entries.slice(said).filter(({ requestId }) => requestId === request.requestId)
  const copies = ['requests', 'triage', 'briefs']
  expect(since.filter(({ noun }) => !copies.includes(noun)).map(({ noun }) => noun)).toEqual(
    expect.arrayContaining(['replies', 'case-events']),
  )
  expect(since.filter(({ noun }) => ['drafts', 'knowledge', 'policy', 'model-calls', 'escalations'].includes(noun))).toEqual([])
  expect(world.simulator.calls()).toHaveLength(calls + 3)
})
