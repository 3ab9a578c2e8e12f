/** A fault of every kind before every step of the pipeline, and what becomes of the message. */
import { getEventListeners } from 'node:events'
import { failures, Fault, triaged, type Clock } from '@concord/contracts'
import { anEnvelope, aTriage } from '@concord/contracts/testing'
import type { Settled } from '@concord/messaging'
import { expect, test } from 'vitest'
import { deadLetterTopic } from '../keys.ts'
import { createLocalLimiter, perSecond } from '../limiter/index.ts'
import { publish } from '../outcome.ts'
import { aRecord, aWork, pieces, type Pieces } from '../testing/pieces.ts'
import { pipeline, type Step, type Work } from '../work.ts'
import { defineAgent, seconds } from './define-agent.ts'
import { agentSteps } from './run-agent.ts'

/** The steps after `measure`, `resume` and `recover`. */
const places = [
  'decode',
  'trace',
  'dedupe',
  'deadline',
  'limit',
  'handle',
  'remember',
  'publish',
  'mark published',
  'commit',
] as const
type Place = (typeof places)[number]

const passing = new Fault('tool_unavailable', 'away.', { retryable: true })
const kinds = {
  'a fault that may pass': { fault: passing },
  'one that may pass, when the time is over': { fault: passing, spent: true },
  'one that is final': { fault: new Fault('tool_rejected', 'no.') },
  'an absent dependency': { fault: new Fault('store_unavailable', 'away.', { retryable: true }) },
  'an absent dependency, when the time is over': {
    fault: new Fault('broker_unavailable', 'away.', { retryable: true }),
    spent: true,
  },
  'a revocation': { fault: new Fault('fenced', 'the partition has left.'), aborts: true },
  'doubt about whose it is': { fault: new Fault('fenced', 'no heartbeat.', { retryable: true }) },
} satisfies Record<string, { fault: Fault; spent?: boolean; aborts?: boolean }>
type Kind = keyof typeof kinds

type Fate = 'answered by the next attempt' | 'given up' | 'quarantined'

/** Whatever is not named here is answered by the next attempt. */
const fates: Partial<Record<Kind, Partial<Record<Place, Fate>>>> = {
  'one that may pass, when the time is over': { decode: 'quarantined', ...untilRemembered('given up') },
  'one that is final': { decode: 'quarantined', ...untilRemembered('given up') },
}

function untilRemembered(fate: Fate): Partial<Record<Place, Fate>> {
  return { trace: fate, dedupe: fate, deadline: fate, limit: fate, handle: fate, remember: fate }
}

const message = aTriage({ envelope: anEnvelope({ deadline: Date.UTC(2090, 0, 1) }) })
const agentMs = 30_000

async function setUp() {
  const made = await pieces()
  let handled = 0
  const agent = defineAgent({
    name: 'agent',
    version: '1',
    domainVersion: 'd1',
    consumes: [triaged],
    produces: [triaged],
    concurrency: 1,
    rate: perSecond(100_000),
    deadline: seconds(agentMs / 1_000),
    handle: async (_, context) => (handled++, publish(triaged, { ...aTriage(), envelope: context.envelope() })),
  })
  const { clock } = made.bench
  const steps = agentSteps(made.shell, agent, createLocalLimiter(agent.rate, { clock }))
  const record = aRecord({ value: await made.shell.deps.codec.encode(triaged, message) })
  const work = (changes: Partial<Work> = {}) => aWork({ record, message: null, ...changes })
  return { ...made, steps, work, clock, handled: () => handled }
}

/** What has been sent, by what it is. */
function tally({ sent }: Pieces): { answers: number; letters: number; told: number } {
  const of = (name: string) => sent.filter(({ topic }) => topic === name).length
  return { answers: of(triaged.name), letters: of(deadLetterTopic(triaged.name, 'agent')), told: of(failures.name) }
}

for (const kind of Object.keys(kinds) as Kind[]) {
  test.each(places)(`${kind}, before %s`, async (place) => {
    const made = await setUp()
    const { fault, spent, aborts }: { fault: Fault; spent?: boolean; aborts?: boolean } = kinds[kind]
    const leaving = new AbortController()
    const failing: Step = async () => {
      if (spent) await made.clock.advance(agentMs)
      if (aborts) leaving.abort(fault)
      throw fault
    }
    const at = made.steps.length - places.length + places.indexOf(place)
    const first = await pipeline(made.steps.toSpliced(at, 0, failing))(made.work({ signal: leaving.signal }))
    const fate = fates[kind]?.[place] ?? 'answered by the next attempt'

    expect(first.kind).toBe(fate === 'answered by the next attempt' ? 'retry' : 'done')
    const published = places.indexOf(place) > places.indexOf('publish') ? 1 : 0
    if (fate === 'answered by the next attempt') {
      expect(tally(made)).toEqual({ answers: published, letters: 0, told: 0 })
      expect(await pipeline(made.steps)(made.work({ attempt: 2 }))).toEqual({ kind: 'done' })
      // The last step of all has nothing to fail any more: by then the message is marked as published.
      const repeated = place === 'commit' ? 0 : 1
      expect(tally(made)).toEqual({ answers: published === 1 ? 1 + repeated : 1, letters: 0, told: 0 })
    } else {
      expect(tally(made)).toEqual({ answers: 0, letters: 1, told: fate === 'given up' ? 1 : 0 })
    }
    expect(made.handled()).toBeLessThanOrEqual(1)
    expect(new Set(made.sent.filter(({ topic }) => topic === triaged.name).map(({ value }) => value?.toString('hex'))).size).toBe(
      fate === 'answered by the next attempt' ? 1 : 0,
    )
  })
}

/** A clock that knows which of its timers have neither fired nor been cancelled. */
function counting(clock: Clock): Clock & { pending(): number } {
  const open = new Set<symbol>()
  return {
    now: () => clock.now(),
    sleep: (ms, signal) => clock.sleep(ms, signal),
    after(ms, run) {
      const timer = Symbol('timer')
      open.add(timer)
      const cancel = clock.after(ms, () => (open.delete(timer), run()))
      return () => (open.delete(timer), cancel())
    },
    pending: () => open.size,
  }
}

test('ten thousand messages leave no timer and no listener behind, however they end', async () => {
  const made = await pieces()
  const clock = counting(made.bench.clock)
  /** Remembers nothing, so that one record will do for all. */
  const store = { ...made.shell.deps.store, get: async () => null, put: async () => ({ ok: true as const, version: 1 }) }
  const sender = { ...made.shell.sender, send: async () => undefined }
  const shell = { ...made.shell, deps: { ...made.shell.deps, clock, store }, sender }
  const large = Array.from({ length: 150 }, (_, at) => String(at).padEnd(64, 'x'))
  let turn = 0
  const agent = defineAgent({
    name: 'agent',
    version: '1',
    domainVersion: 'd1',
    consumes: [triaged],
    produces: [triaged],
    concurrency: 1,
    rate: perSecond(1_000_000),
    deadline: seconds(30),
    async handle(_, context) {
      const way = turn++ % 4
      if (way === 1) throw passing
      if (way === 2) throw new Fault('tool_rejected', 'no.')
      if (way === 3) return []
      return publish(triaged, { ...aTriage({ riskFlags: large }), envelope: context.envelope() })
    },
  })
  const run = pipeline(agentSteps(shell, agent, createLocalLimiter(agent.rate, { clock })))
  const { signal } = new AbortController()
  const settled = new Map<Settled['kind'], number>()
  const value = await shell.deps.codec.encode(triaged, message)
  for (let offset = 0; offset < 10_000; offset++) {
    const { kind } = await run(aWork({ record: aRecord({ offset, value }), message: null, signal }))
    settled.set(kind, (settled.get(kind) ?? 0) + 1)
  }
  expect(Object.fromEntries(settled)).toEqual({ done: 7_500, retry: 2_500 })
  expect(clock.pending()).toBe(0)
  expect(getEventListeners(signal, 'abort')).toEqual([])
}, 60_000)
