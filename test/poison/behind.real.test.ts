/** Poison at the head of a partition of real Kafka: what flows behind it, and how fast beside a partition without it. */
import { randomUUID } from 'node:crypto'
import { createConfluentRegistry, Fault, requests, systemClock, triaged } from '@concord/contracts'
import { aRequest, aTriage } from '@concord/contracts/testing'
import { partitionOf, type OutRecord } from '@concord/messaging'
import { createLocalLimiter, defineAgent, perSecond, publish, runAgent, seconds, type Deps } from '@concord/runtime'
import { createMemoryStore } from '@concord/store'
import { createMetrics, silentLogger } from '@concord/telemetry'
import { eventually } from '@concord/testing'
import { expect, onTestFinished, test } from 'vitest'
import { broker, codec, realScene } from './real-scene.ts'

const count = 2_000
const conversations = 100

/** Conversations whose key lies on one partition. */
async function neighbours(): Promise<string[]> {
  const admin = await broker.admin()
  const partitions = (await admin.listTopics()).get(requests.name) ?? 1
  await admin.close()
  const found: string[] = []
  while (found.length <= conversations) {
    const conversationId = randomUUID()
    if (partitionOf(`acme:${conversationId}`, partitions) === 0) found.push(conversationId)
  }
  return found
}

function deps(name: string): Deps {
  return {
    broker,
    codec,
    registry: createConfluentRegistry({ url: process.env['SCHEMA_REGISTRY_URL'] ?? '' }),
    store: createMemoryStore(),
    model: { ask: () => Promise.reject(new Fault('internal', 'nobody asks it.')) },
    createLimiter: (_, rate) => createLocalLimiter(rate),
    clock: systemClock,
    random: Math.random,
    log: silentLogger,
    metrics: createMetrics(name),
  }
}

test('good messages flow past poison that waits on their partition, about as fast as without it, and in order', async ({
  annotate,
}) => {
  const world = await realScene()
  const { name } = world
  const [bad = '', ...good] = await neighbours()
  const order = new Map<string, number[]>()
  const agent = defineAgent({
    name,
    version: '1',
    domainVersion: 'd1',
    consumes: [requests],
    produces: [triaged],
    concurrency: 32,
    rate: perSecond(100_000),
    deadline: seconds(20),
    usesModel: false,
    async handle({ metadata, conversationId }, context) {
      if (metadata['run'] !== name) return []
      if (conversationId === bad) throw new Fault('tool_unavailable', 'for ever.', { retryable: true })
      order.set(String(conversationId), [...(order.get(String(conversationId)) ?? []), Number(metadata['at'])])
      return publish(triaged, { ...aTriage({ reason: name }), envelope: context.envelope() })
    },
  })
  const run = runAgent(agent, deps(name), { clientId: name })
  onTestFinished(() => run.stop())
  await run.started
  const producer = await broker.producer({ clientId: `${name}-sender` })
  onTestFinished(() => producer.close())

  const recordOf = async (conversationId: string, at: number): Promise<OutRecord> => {
    const request = aRequest({ requestId: randomUUID(), conversationId, metadata: { run: name, at: String(at) } })
    return { topic: requests.name, key: `acme:${conversationId}`, value: await codec.encode(requests, request), headers: {} }
  }
  const handled = () => [...order.values()].reduce((sum, { length }) => sum + length, 0)
  async function round(before: OutRecord[]): Promise<number> {
    const records = await Promise.all(Array.from({ length: count }, (_, at) => recordOf(good[at % conversations] ?? '', at)))
    const [start, done] = [performance.now(), handled()]
    await producer.send([...before, ...records])
    await eventually(() => expect(handled()).toBe(done + count), 60_000)
    return (count / (performance.now() - start)) * 1_000
  }

  await round([])
  const without = await round([])
  const poisoned = await round([await recordOf(bad, 0)])
  await annotate(`${Math.round(without)} messages a second without poison, ${Math.round(poisoned)} with it`, 'notice')
  expect(poisoned).toBeGreaterThan(without / 3)
  const ascending = Array.from({ length: count / conversations }, (_, turn) => turn)
  for (const [conversation, numbers] of order) {
    const turns = numbers.map((at) => Math.floor(at / conversations))
    expect(turns, conversation).toEqual([...ascending, ...ascending, ...ascending])
  }

  await eventually(async () => expect(await world.letters()).toHaveLength(1), 40_000)
  await eventually(async () => {
    const admin = await broker.admin()
    const [committed, ends] = await Promise.all([admin.committed(name, requests.name), admin.topicOffsets(requests.name)])
    await admin.close()
    expect(committed.find(({ partition }) => partition === 0)?.offset).toBe(ends.find(({ partition }) => partition === 0)?.high)
  }, 20_000)
}, 180_000)
