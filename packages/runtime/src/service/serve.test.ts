import { Fault, requests, systemClock, triaged } from '@concord/contracts'
import { aRequest, aTriage } from '@concord/contracts/testing'
import { createMemoryBroker } from '@concord/messaging'
import { eventually } from '@concord/testing'
import { expect, onTestFinished, test } from 'vitest'
import { defineAgent, seconds } from '../agent/define-agent.ts'
import type { Deps } from '../deps.ts'
import { createLocalLimiter, perSecond } from '../limiter/index.ts'
import { publish } from '../outcome.ts'
import { createBench, type Bench } from '../testing.ts'
import { serve, type Service } from './serve.ts'

const agent = defineAgent({
  name: 'triage',
  version: '1',
  domainVersion: 'd1',
  consumes: [requests],
  produces: [triaged],
  concurrency: 4,
  rate: perSecond(1_000),
  deadline: seconds(30),
  handle: async (_, context) => publish(triaged, { ...aTriage(), envelope: context.envelope() }),
})

/** The bench's parts on the real clock. */
async function parts(): Promise<{ bench: Bench; overrides: Deps }> {
  const bench = await createBench({ manifest: agent })
  const broker = createMemoryBroker({ clock: systemClock })
  const names = [...(await (await bench.broker.admin()).listTopics()).keys()]
  await (await broker.admin()).createTopics(names.map((topic) => ({ topic, partitions: 1 })))
  const createLimiter: Deps['createLimiter'] = (_, rate) => createLocalLimiter(rate, { clock: systemClock })
  return { bench, overrides: { ...bench.deps, broker, clock: systemClock, createLimiter } }
}

async function serving(overrides: Partial<Deps>, service: Service = { name: 'triage', create: () => agent }) {
  const stop = new AbortController()
  const listening = Promise.withResolvers<number>()
  const ended = serve(service, stop.signal, { env: {}, overrides, onListening: listening.resolve })
  ended.catch(() => undefined)
  onTestFinished(async () => {
    stop.abort()
    await ended.catch(() => undefined)
  })
  const port = await Promise.race([listening.promise, ended.then(() => 0)])
  const get = async (path: string) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`)
    return { status: answer.status, text: await answer.text() }
  }
  return { stop, ended, get }
}

test('a service answers on its health, readiness and figures, and ends when it is told to', async () => {
  const { overrides, bench } = await parts()
  const { stop, ended, get } = await serving(overrides)
  await eventually(async () => expect(await get('/readyz')).toEqual({ status: 200, text: '{"ready":true,"missing":[]}\n' }))
  expect(await get('/healthz')).toEqual({ status: 200, text: '{"ok":true}\n' })
  const producer = await overrides.broker.producer({ clientId: 'test' })
  await producer.send([
    {
      topic: requests.name,
      key: 'k',
      value: await bench.deps.codec.encode(requests, aRequest({ deadline: Date.now() + 60_000 })),
      headers: {},
    },
  ])
  await eventually(async () => {
    const { text } = await get('/metrics')
    expect(text).toContain('concord_messages_handled_total{topic="concord.requests.v1",service="triage"} 1')
    expect(text).toContain('process_cpu_seconds_total')
  })
  expect((await get('/elsewhere')).status).toBe(404)
  stop.abort()
  await ended
  await expect(get('/healthz')).rejects.toThrow()
})

test('a service whose store is away is alive, not ready, and names it', async () => {
  const { overrides } = await parts()
  const ping = () => Promise.reject(new Fault('store_unavailable', 'away', { retryable: true }))
  const { get } = await serving({ ...overrides, store: { ...overrides.store, ping } })
  await eventually(async () =>
    expect(await get('/readyz')).toEqual({ status: 503, text: '{"ready":false,"missing":["store"]}\n' }),
  )
  expect((await get('/healthz')).status).toBe(200)
})

test('an unregistered schema ends the service, with the command that mends it', async () => {
  const { overrides } = await parts()
  const mend = 'Run `./concord schemas register`.'
  const prepare = () => Promise.reject(new Fault('schema_unregistered', 'the registry does not hold it.', { mend }))
  const { ended } = await serving({ ...overrides, codec: { ...overrides.codec, prepare } })
  await expect(ended).rejects.toThrow(mend)
})

test('a broken domain ends the service', async () => {
  const { overrides } = await parts()
  const create = () => Promise.reject(new Fault('invalid_domain', 'rules/1.yaml: no effect.'))
  const { ended } = await serving(overrides, { name: 'triage', create })
  await expect(ended).rejects.toThrow('rules/1.yaml')
})
