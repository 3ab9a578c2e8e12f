import { createCodec, createFolderRegistry, failures, Fault, loadSchemas, requests, triaged } from '@concord/contracts'
import { aRequest, aTriage } from '@concord/contracts/testing'
import { createMemoryBroker, type Broker } from '@concord/messaging'
import { expect, onTestFinished, test } from 'vitest'
import type { Deps, Running } from '../deps.ts'
import { perSecond } from '../limiter/index.ts'
import { publish } from '../outcome.ts'
import { createBench, type Bench } from '../testing.ts'
import { defineAgent, seconds, type AgentContext } from './define-agent.ts'
import { runAgent } from './run-agent.ts'

const dlq = 'concord.requests.v1.triage.dlq'

function agent(reason: (text: string) => string = () => 'fine') {
  return defineAgent({
    name: 'triage',
    version: '1',
    domainVersion: 'd1',
    consumes: [requests],
    produces: [triaged],
    concurrency: 4,
    rate: perSecond(1_000),
    deadline: seconds(30),
    handle: async ({ text }, context: AgentContext) =>
      publish(triaged, { ...aTriage(), reason: reason(text), envelope: context.envelope() }),
  })
}

function start(bench: Bench, made = agent(), deps: Deps = bench.deps): Running {
  const run = runAgent(made, deps, { clientId: 'triage-0' })
  onTestFinished(async () => {
    await Promise.all([run.stop(), bench.pass(20_000)])
  })
  return run
}

/** A store that can be away. */
function switchable(deps: Deps): { deps: Deps; setAway(away: boolean): void } {
  let away = false
  const { store } = deps
  const ask = async <T>(run: () => Promise<T>): Promise<T> => {
    if (away) throw new Fault('store_unavailable', 'the store does not answer.', { retryable: true })
    return run()
  }
  return {
    setAway: (value) => void (away = value),
    deps: {
      ...deps,
      store: {
        get: (key) => ask(() => store.get(key)),
        put: (key, value, options) => ask(() => store.put(key, value, options)),
        delete: (key, options) => ask(() => store.delete(key, options)),
        range: (index, options) => ask(() => store.range(index, options)),
        sentinel: (name) => ask(() => store.sentinel(name)),
        setSentinel: (name, value, options) => ask(() => store.setSentinel(name, value, options)),
        ping: () => ask(() => store.ping()),
        close: () => store.close(),
      },
    },
  }
}

test('a store that goes away pauses the agent, which names it and goes on when it answers', async () => {
  const bench = await createBench({ manifest: agent() })
  const { deps, setAway } = switchable(bench.deps)
  const run = start(bench, agent(), deps)
  await bench.pass()
  expect(run.missing()).toEqual([])
  setAway(true)
  await bench.send(requests, aRequest())
  await bench.pass(20_000)
  expect(run.missing()).toEqual(['store'])
  expect(await bench.figure('dependency_missing', { dependency: 'store' })).toBe(1)
  expect(await bench.on(triaged)).toEqual([])
  setAway(false)
  await bench.pass(10_000)
  expect(run.missing()).toEqual([])
  expect(await bench.on(triaged)).toHaveLength(1)
  expect(await bench.on(dlq)).toEqual([])
})

test('a broker that is away at the start is waited for, by name', async () => {
  const bench = await createBench({ manifest: agent() })
  bench.broker.setAvailable(false)
  const run = start(bench)
  await bench.pass(5_000)
  expect(run.missing()).toEqual(['broker'])
  expect(run.health()).toEqual({ ok: true })
  bench.broker.setAvailable(true)
  await bench.pass(10_000)
  await run.started
  expect(run.missing()).toEqual([])
})

test('a registry that does not know the schemas ends the start, and nothing is consumed', async () => {
  const schemas = loadSchemas()
  const registry = createFolderRegistry(schemas)
  const bench = await createBench({ manifest: agent() })
  const refusing = { ...registry, idOf: () => Promise.reject(new Fault('schema_unregistered', 'nobody registered it.')) }
  const run = start(bench, agent(), { ...bench.deps, codec: createCodec({ registry: refusing, schemas }) })
  await expect(Promise.all([run.started, bench.pass(1_000)])).rejects.toMatchObject({ code: 'schema_unregistered' })
  expect(run.missing()).toEqual(['schema'])
})

test('an answer that the broker refuses for its size becomes a dead letter and a failure, and is not tried for ever', async () => {
  const bench = await createBench({ manifest: agent() })
  const small = createMemoryBroker({ clock: bench.clock, maxRecordBytes: 1_000 })
  // Only what the agent sends is held to the small size; it reads the same log.
  const broker: Broker = {
    consumer: (options) => bench.broker.consumer(options),
    admin: () => bench.broker.admin(),
    read: (at, range, signal) => bench.broker.read(at, range, signal),
    async producer(options) {
      const [real, strict] = await Promise.all([bench.broker.producer(options), small.producer(options)])
      const names = [...(await (await bench.broker.admin()).listTopics()).keys()]
      await (await small.admin()).createTopics(names.map((topic) => ({ topic, partitions: 1 })))
      return {
        async send(records) {
          await strict.send(records.filter(({ topic }) => topic === triaged.name))
          await real.send(records)
        },
        close: () => real.close(),
      }
    },
  }
  start(
    bench,
    agent(() => 'x'.repeat(1_000)),
    { ...bench.deps, broker },
  )
  await bench.send(requests, aRequest())
  await bench.pass(60_000)
  expect(await bench.on(triaged)).toEqual([])
  expect(await bench.on(dlq)).toHaveLength(1)
  expect((await bench.on(failures))[0]?.value).toMatchObject({ code: 'invalid_record' })
  expect(await bench.figure('messages_handled_total')).toBe(1)
})

test('while a dead letter cannot be written, nothing is committed', async () => {
  const bench = await createBench({ manifest: { ...agent(), consumes: [] } })
  start(
    bench,
    agent(() => {
      throw new Fault('model_refused', 'no.')
    }),
  )
  await bench.send(requests, aRequest())
  await bench.pass(60_000)
  const admin = await bench.broker.admin()
  expect((await admin.committed('triage', requests.name)).every(({ offset }) => offset <= 0)).toBe(true)
  expect(await bench.on(failures)).toEqual([])
  await admin.createTopics([{ topic: dlq, partitions: 1 }])
  await bench.pass(30_000)
  expect((await admin.topicOffsets(dlq))[0]?.high).toBe(1)
  expect(await bench.on(failures)).toHaveLength(1)
  expect((await admin.committed('triage', requests.name)).map(({ offset }) => offset)).toContain(1)
})

test('a slow conversation delays no other, and its own messages keep their order', async () => {
  const order: string[] = []
  const gates = new Map<string, () => void>()
  const made = defineAgent({
    ...agent(),
    async handle({ requestId }, context) {
      order.push(`start ${requestId}`)
      if (requestId === 'slow-1') await new Promise<void>((resolve) => gates.set(requestId, resolve))
      order.push(`end ${requestId}`)
      return publish(triaged, { ...aTriage(), envelope: context.envelope() })
    },
  })
  const bench = await createBench({ manifest: made, partitions: 1 })
  start(bench, made)
  await bench.send(requests, aRequest({ requestId: 'slow-1', conversationId: 'c-slow' }))
  await bench.send(requests, aRequest({ requestId: 'slow-2', conversationId: 'c-slow' }))
  await bench.send(requests, aRequest({ requestId: 'quick', conversationId: 'c-quick' }))
  await bench.pass()
  expect(order).toEqual(['start slow-1', 'start quick', 'end quick'])
  gates.get('slow-1')?.()
  await bench.pass()
  expect(order.slice(3)).toEqual(['end slow-1', 'start slow-2', 'end slow-2'])
})

test('stopping lets what is in flight end, and commits it', async () => {
  let release = (): void => undefined
  const made = defineAgent({
    ...agent(),
    async handle(_, context) {
      await new Promise<void>((resolve) => (release = resolve))
      return publish(triaged, { ...aTriage(), envelope: context.envelope() })
    },
  })
  const bench = await createBench({ manifest: made })
  const run = runAgent(made, bench.deps, { clientId: 'triage-0' })
  await bench.pass()
  await bench.send(requests, aRequest())
  await bench.pass()
  const stopped = run.stop()
  await bench.pass(1_000)
  release()
  await Promise.all([stopped, bench.pass(1_000)])
  expect(await bench.on(triaged)).toHaveLength(1)
  const committed = await (await bench.broker.admin()).committed('triage', requests.name)
  expect(committed.map(({ offset }) => offset)).toContain(1)
})

test('stopping ends within its budget though a handler never does, and its message stays uncommitted', async () => {
  const made = defineAgent({ ...agent(), handle: () => new Promise(() => {}) })
  const bench = await createBench({ manifest: made })
  const run = runAgent(made, bench.deps, { clientId: 'triage-0', drainBudgetMs: 2_000 })
  await bench.pass()
  await bench.send(requests, aRequest())
  await bench.pass()
  let ended = false
  const stopped = run.stop().then(() => (ended = true))
  await bench.pass(3_000)
  await stopped
  expect(ended).toBe(true)
  const committed = await (await bench.broker.admin()).committed('triage', requests.name)
  expect(committed.every(({ offset }) => offset <= 0)).toBe(true)
})
