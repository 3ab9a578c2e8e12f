/** The store is lost again and again, while replicas die, fail and change places: the cases are those of a run without all that. */
import { caseEvents, replies, requests, triaged, type CaseEvent, type Reply } from '@concord/contracts'
import { aRequest } from '@concord/contracts/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Running } from '../deps.ts'
import { createBench, type Bench } from '../testing.ts'
import { planned, type Plan, type Planned } from '../testing/crashing.ts'
import { final, messages, note, stored } from '../testing/loss-scene.ts'
import { toy, toyCaseMs } from '../testing/toy-process.ts'
import { runProcess } from './run-process.ts'

/** A case lasts longer than all that may happen to it. */
const lastingMs = 600_000
const lasting: typeof toy = { ...toy, dueAt: (state) => (state.status === 'open' ? state.dueAt + lastingMs : null) }

type Step =
  | { do: 'send'; what: 'request' | 'note' | 'final'; of: string; revision: number }
  | { do: 'wipe' | 'restart' | 'rewind' }
  /** The group drops a member that lives on. */
  | { do: 'expel'; which: number }
  | { do: 'pass'; ms: number }

const send = (what: 'request' | 'note' | 'final', of: string, revision = 0): Step => ({ do: 'send', what, of, revision })
const lose = (how: 'wipe' | 'restart' | 'rewind'): Step => ({ do: how })

const ids = ['a', 'b', 'c']

interface Replica {
  clientId: string
  world: Planned
  run: Running
}

function tell(bench: Bench, { what, of, revision }: Extract<Step, { do: 'send' }>): Promise<void> {
  if (what === 'request') return bench.send(requests, aRequest({ requestId: of }))
  return bench.send(triaged, what === 'note' ? note(revision, of) : final(of))
}

function disturb(bench: Bench, step: Exclude<Step, { do: 'send' }>, crew: readonly Replica[]): Promise<void> | void {
  switch (step.do) {
    case 'wipe':
      return bench.store.wipe()
    case 'restart':
      return bench.store.restart()
    case 'rewind':
      return bench.store.rewind(1_000)
    case 'expel':
      return bench.broker.expire(crew[step.which % crew.length]?.clientId ?? '')
    case 'pass':
      return bench.pass(step.ms)
  }
}

/** Runs the steps with so many replicas, which end as planned, and at last with one more that lives. */
async function live(
  steps: readonly Step[],
  plans: readonly (Plan | null)[],
  stepMs = 100,
): Promise<{ bench: Bench; effects: number }> {
  const bench = await createBench({ manifest: lasting, partitions: 2 })
  const begin = (at: number, plan: Plan | null): Replica => {
    const clientId = `toy-${at}`
    const world = planned(bench.deps, bench.broker, clientId, plan)
    return { clientId, world, run: runProcess(lasting, world.deps, { clientId, sweepMs: 500 }) }
  }
  const crew = plans.map((plan, at) => begin(at, plan))
  await bench.pass(1_000)
  for (const step of steps) {
    if (step.do === 'send') await tell(bench, step)
    else await disturb(bench, step, crew)
    await bench.pass(stepMs)
  }
  crew.push(begin(plans.length, null))
  await bench.pass(30_000)
  await bench.pass(lastingMs + toyCaseMs + 30_000)
  const living = crew.filter(({ world }) => !world.crashed())
  for (const { run } of living) expect(run.missing()).toEqual([])
  const stopping = living.map(({ run }) => run.stop())
  await bench.pass(20_000)
  await Promise.all(stopping)
  return { bench, effects: crew[0]?.world.effects() ?? 0 }
}

/** What the cases are in the end, to the producer and in the store; what the history says must be the same. */
async function outcome(bench: Bench): Promise<unknown> {
  const replied = await messages<Reply>(bench, replies)
  const entries = await messages<CaseEvent>(bench, caseEvents)
  const inStore = await Promise.all(ids.map((id) => stored(bench, id)))
  for (const [at, id] of ids.entries()) {
    const own = entries.filter(({ envelope }) => envelope.requestId === id)
    expect(own.map(({ caseVersion }) => caseVersion)).toEqual(own.map((_, index) => index + 1))
    const folded = own.map((entry) => lasting.journal.event(entry)).reduce(lasting.evolve, lasting.initial)
    if (own.length > 0) expect(inStore[at]?.state, id).toEqual(folded)
    else expect(inStore[at]).toBeNull()
  }
  return {
    said: replied.map(({ envelope, outcome: how }) => `${envelope.requestId} ${how} ${envelope.messageId}`).sort(),
    cases: inStore.map((found) => found && [found.version, found.partition, found.state.status, found.state.notes]),
  }
}

const script: Step[] = [
  send('request', 'a'),
  send('note', 'a', 1),
  send('request', 'b'),
  lose('wipe'),
  send('note', 'a', 1),
  send('note', 'a', 2),
  { do: 'pass', ms: 1_500 },
  send('note', 'b', 1),
  lose('rewind'),
  send('final', 'a'),
]

const sendsOnly = (steps: readonly Step[]): Step[] => steps.filter((step) => step.do === 'send')

test('a run with losses ends as one without', async () => {
  const undisturbed = await live(sendsOnly(script), [null])
  const { bench, effects } = await live(script, [null])
  expect(await outcome(bench)).toEqual(await outcome(undisturbed.bench))
  expect(effects).toBeGreaterThan(undisturbed.effects + 8)
})

for (const how of ['crash', 'fail'] as const) {
  for (const when of ['before', 'after'] as const) {
    test(`a ${how} ${when} any one effect, those of the rebuilding among them, changes nothing of that`, async () => {
      const wanted = await outcome((await live(sendsOnly(script), [null])).bench)
      const { effects } = await live(script, [null])
      for (let at = 1; at <= effects; at++) {
        const { bench } = await live(script, [{ at, when, how }])
        expect(await outcome(bench), `${how} ${when} effect ${at}`).toEqual(wanted)
      }
    }, 120_000)
  }
}

test('whatever comes, however the store is lost, and whoever dies or is expelled meanwhile, the cases are the same', async () => {
  const sending = fc.oneof(
    fc.constantFrom(...ids).map((id) => send('request', id)),
    fc.tuple(fc.constantFrom(...ids), fc.integer({ min: 1, max: 3 })).map(([id, revision]) => send('note', id, revision)),
    fc.constantFrom(...ids).map((id) => send('final', id)),
  )
  const disturbance = fc.oneof(
    fc.constantFrom('wipe' as const, 'restart' as const, 'rewind' as const).map(lose),
    fc.nat(1).map((which): Step => ({ do: 'expel', which })),
    fc.constantFrom(300, 1_500, 12_000).map((ms): Step => ({ do: 'pass', ms })),
  )
  const plan = fc.record({
    at: fc.integer({ min: 1, max: 40 }),
    when: fc.constantFrom('before' as const, 'after' as const),
    how: fc.constantFrom('crash' as const, 'fail' as const),
  })
  const steps = fc.array(fc.oneof({ weight: 3, arbitrary: sending }, { weight: 2, arbitrary: disturbance }), { maxLength: 25 })
  const crews = fc.array(fc.option(plan), { minLength: 1, maxLength: 2 })
  await fc.assert(
    fc.asyncProperty(steps, crews, fc.constantFrom(0, 20, 300), async (taken, plans, stepMs) => {
      const undisturbed = await live(sendsOnly(taken), [null])
      const { bench } = await live(taken, plans, stepMs)
      expect(await outcome(bench)).toEqual(await outcome(undisturbed.bench))
    }),
    { numRuns: Number(process.env['CONCORD_RUNS'] ?? 30) },
  )
}, 600_000)
