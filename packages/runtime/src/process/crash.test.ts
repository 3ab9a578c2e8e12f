import { caseEvents, replies, requests, triaged, type CaseEvent, type Reply, type Topic } from '@concord/contracts'
import { aRequest, aTriage } from '@concord/contracts/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createBench, type Bench } from '../testing.ts'
import { planned, type Plan } from '../testing/crashing.ts'
import { toy, toyCaseMs } from '../testing/toy-process.ts'
import { runProcess } from './run-process.ts'

interface Arrival {
  topic: Topic
  value: unknown
}

const note = (requestId: string, revision: number): Arrival => ({
  topic: triaged,
  value: aTriage({ category: 'note', envelope: { requestId, revision } }),
})
const final = (requestId: string): Arrival => ({
  topic: triaged,
  value: aTriage({ category: 'final', envelope: { requestId, revision: 9 } }),
})
const request = (requestId: string): Arrival => ({ topic: requests, value: aRequest({ requestId }) })

/** One case that is answered and one that expires; a message comes twice. */
const script = [request('a'), note('a', 1), request('b'), note('a', 1), note('b', 1), note('a', 2), final('a')]

/** Runs the arrivals through replicas that die as planned, one after the other, and at last through one that lives. */
async function live(arrivals: readonly Arrival[], plans: readonly Plan[]): Promise<{ bench: Bench; effects: number }> {
  const bench = await createBench({ manifest: toy })
  const left = [...arrivals]
  let effects = 0
  for (const [replica, plan] of [...plans, null].entries()) {
    const clientId = `toy-${replica}`
    const world = planned(bench.deps, bench.broker, clientId, plan)
    const run = runProcess(toy, world.deps, { clientId, sweepMs: 2_000 })
    await bench.pass(15_000)
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      await bench.send(next.topic, next.value)
      await bench.pass()
      if (world.crashed()) break
    }
    if (!world.crashed()) await bench.pass(2 * toyCaseMs)
    effects += world.effects()
    await expectHistoryFirst(bench)
    if (world.crashed()) continue
    const stopping = run.stop()
    await bench.pass(10_000)
    await stopping
  }
  return { bench, effects }
}

/** Nothing is said before the history says that it will be. */
async function expectHistoryFirst(bench: Bench): Promise<void> {
  const said = await contents(bench, replies)
  const history = [...(await contents(bench, caseEvents)).values()] as CaseEvent[]
  expect(history.filter(({ event }) => event !== 'opened').length).toBeGreaterThanOrEqual(said.size)
}

/** Records by message id: one id has one content. */
async function contents(bench: Bench, topic: Topic): Promise<Map<string, unknown>> {
  const byId = new Map<string, unknown>()
  for (const { value, record } of await bench.on(topic)) {
    const id = String(record.headers['ce_id'])
    if (byId.has(id)) expect(value).toEqual(byId.get(id))
    byId.set(id, value)
  }
  return byId
}

async function summary(bench: Bench): Promise<{ said: string[]; history: string[] }> {
  const said = [...(await contents(bench, replies)).values()] as Reply[]
  const history = [...(await contents(bench, caseEvents)).values()] as CaseEvent[]
  return {
    said: said.map(({ envelope, outcome }) => `${envelope.requestId} ${outcome}`).sort(),
    history: history.map(({ envelope, caseVersion, event }) => `${envelope.requestId} ${caseVersion} ${event}`).sort(),
  }
}

const expected = {
  said: ['a answered', 'a escalated', 'a escalated', 'b escalated', 'b expired'],
  history: ['a 1 opened', 'a 2 noted', 'a 3 noted', 'a 4 closed', 'b 1 opened', 'b 2 noted', 'b 3 closed'],
}

test('a run without faults says everything once', async () => {
  const { bench, effects } = await live(script, [])
  expect(await summary(bench)).toEqual(expected)
  expect(await bench.on(replies)).toHaveLength(5)
  expect(effects).toBeGreaterThan(20)
})

for (const how of ['crash', 'fail'] as const) {
  for (const when of ['before', 'after'] as const) {
    test(`a ${how} ${when} any one effect loses nothing and contradicts nothing`, async () => {
      const { effects } = await live(script, [])
      expect(effects).toBeGreaterThan(20)
      for (let at = 1; at <= effects; at++) {
        const { bench } = await live(script, [{ at, when, how }])
        expect(await summary(bench), `${how} ${when} effect ${at}`).toEqual(expected)
      }
    }, 60_000)
  }
}

test('whatever comes in whatever order, and whenever replicas die, every case ends once', async () => {
  const arrival = fc.oneof(
    fc.constantFrom('a', 'b').map(request),
    fc.tuple(fc.constantFrom('a', 'b'), fc.integer({ min: 1, max: 3 })).map(([id, revision]) => note(id, revision)),
    fc.constantFrom('a', 'b').map(final),
  )
  const plan = fc.record({
    at: fc.integer({ min: 1, max: 25 }),
    when: fc.constantFrom('before' as const, 'after' as const),
    how: fc.constantFrom('crash' as const, 'fail' as const),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(arrival, { maxLength: 12 }), fc.array(plan, { maxLength: 3 }), async (arrivals, plans) => {
      const { bench } = await live(arrivals, plans)
      const { said, history } = await summary(bench)
      const ids = new Set(arrivals.map(({ value }) => idOf(value)))
      const ends = said.filter((line) => !line.endsWith('escalated'))
      expect(ends.map((line) => line.split(' ')[0])).toEqual([...ids].sort())
      for (const id of ids) {
        const versions = history.filter((line) => line.startsWith(id)).map((line) => Number(line.split(' ')[1]))
        expect(versions).toEqual(versions.map((_, index) => index + 1))
      }
    }),
    { numRuns: 40 },
  )
}, 60_000)

function idOf(value: unknown): string {
  const { requestId, envelope } = value as { requestId?: string; envelope?: { requestId: string } }
  return requestId ?? envelope?.requestId ?? ''
}
