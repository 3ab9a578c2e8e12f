/** Invariants 1 and 8 on real parts: Redis is wiped, set back and emptied under a hundred requests, and the topics are enough to go on. */
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseRequest, requestRecord, tail, watchOutcomes, type LogEntry } from '@concord/cli'
import { caseKey, createConfluentRegistry, loadSchemas, registerSchemas, type CaseEvent, type Request } from '@concord/contracts'
import { createCoordinator } from '@concord/coordinator'
import { startConstellation, type Constellation } from '@concord/dev-env'
import { startKafka, startRedis, type RealPart } from '@concord/dev-env/real'
import { createKafkaBroker, type Broker, type InRecord } from '@concord/messaging'
import { caseStoreKey, createRedisLimiter } from '@concord/runtime'
import { createRedisStore, type Store } from '@concord/store'
import { eventually } from '@concord/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { shopFolder, tenantId } from './world.ts'

const registryUrl = process.env['SCHEMA_REGISTRY_URL'] ?? ''
const run = randomUUID().slice(0, 8)
const prefix = `loss-${run}:`
/** Topics on which only the coordinator writes. */
const decided = ['briefs', 'reworks', 'replies', 'actions', 'escalations', 'case-events']

const end: (() => Promise<unknown>)[] = []
afterAll(async () => {
  for (const close of end.toReversed()) await close()
}, 60_000)

let dir: string
let redis: RealPart
let broker: Broker
let store: Store
let constellation: Constellation
const outcomes = watchOutcomes('notice')
const entries: LogEntry[] = []

// Redis is taken away from this test alone.
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'concord-loss-'))
  end.push(() => rm(dir, { recursive: true, force: true }))
  const kafka = await startKafka({ dir })
  end.push(() => kafka.stop('SIGKILL'))
  redis = await startRedis({ dir })
  end.push(() => redis.stop('SIGKILL'))
  await registerSchemas(registryUrl, loadSchemas())
  broker = createKafkaBroker({ brokers: kafka.address.split(','), clientId: `loss-${run}` })
  store = createRedisStore({ url: redis.address, prefix, timeoutMs: 1_000 })
  end.push(() => store.close())
  constellation = await startConstellation({
    domainFolder: shopFolder,
    scale: { coordinator: 2 },
    run: { ratePerSecond: 1_000 },
    ports: {
      broker,
      store,
      registry: createConfluentRegistry({ url: registryUrl }),
      createLimiter: (name, rate) => createRedisLimiter(`${run}/${name}`, rate, { url: redis.address }),
    },
  })
  end.push(() => constellation.stop())
  const onEntry = (entry: LogEntry): void => {
    entries.push(entry)
    if (entry.noun === 'replies') outcomes.see(entry)
  }
  const reading = await tail({ broker, codec: constellation.codec, onEntry })
  end.push(() => reading.stop())
}, 60_000)

const data = (): string => join(dir, 'redis-data')

async function flush(): Promise<void> {
  const socket = connect(Number(new URL(redis.address).port), '127.0.0.1')
  socket.write('FLUSHALL\r\n')
  const [answer] = await once(socket, 'data')
  socket.destroy()
  expect(String(answer)).toBe('+OK\r\n')
}

/** Redis dies, and starts on other data: a copy of before, or none. */
async function restartOn(copy: string | null): Promise<void> {
  await redis.stop('SIGKILL')
  await rm(data(), { recursive: true })
  await cp(copy ?? (await mkdtemp(join(dir, 'empty-'))), data(), { recursive: true })
  await redis.restart()
}

async function stateOf(request: Pick<Request, 'tenantId' | 'requestId'>): Promise<unknown> {
  const found = await store.get(caseStoreKey('coordinator', caseKey(request)))
  return found && (JSON.parse(found.value) as { state: unknown }).state
}

async function recordsOf(topic: string): Promise<InRecord[]> {
  const admin = await broker.admin()
  const offsets = await admin.topicOffsets(topic)
  await admin.close()
  const records: InRecord[] = []
  for (const { partition } of offsets) {
    for await (const list of broker.read({ topic, partition }, { from: 0, to: Infinity })) records.push(...list)
  }
  return records
}

/** Resolves when so many of the requests have ended or been handed to a person. */
const ended = (count: number, asked: readonly Request[]): Promise<void> => {
  const { promise, resolve } = Promise.withResolvers<void>()
  let left = count
  for (const request of asked) void outcomes.waitFor(request).then(() => (--left === 0 ? resolve() : undefined))
  return promise
}

/** The states that the history gives. */
function folded(request: Request): unknown {
  const { initial, evolve, journal } = createCoordinator({ domain: constellation.domain })
  const own = entries.filter(({ noun, requestId }) => noun === 'case-events' && requestId === request.requestId)
  const byVersion = new Map(own.map(({ value }) => [Number(value['caseVersion']), value as unknown as CaseEvent]))
  expect([...byVersion.keys()], request.requestId).toEqual([...byVersion.keys()].map((_, index) => index + 1))
  return [...byVersion.values()].map(journal.event).reduce(evolve, initial)
}

test('a hundred requests each get one outcome, and every case is in the end what its history says', async () => {
  const texts = [
    'How many days do I have to return shoes?',
    'Do you ship to Finland?',
    'How can I unsubscribe from the newsletter?',
  ]
  const asked = Array.from({ length: 100 }, (_, at) =>
    parseRequest(
      { requestId: `${run}-${at}`, text: `${texts[at % 3]} (${run} ${at})`, conversationId: `${run}-c-${at % 31}` },
      tenantId,
      'the test',
    ),
  )
  const producer = await broker.producer({ clientId: `requester-${run}` })
  await producer.send(await Promise.all(asked.map((request) => requestRecord(constellation.codec, request, Date.now()))))
  await ended(10, asked)
  await flush()
  await ended(30, asked)
  await cp(data(), join(dir, 'older'), { recursive: true })
  await ended(50, asked)
  await restartOn(join(dir, 'older'))
  await ended(75, asked)
  await restartOn(null)
  await ended(100, asked)
  await producer.close()

  await eventually(() => expect(constellation.services.flatMap((service) => service.missing())).toEqual([]), 30_000)
  for (const request of asked) {
    expect(outcomes.outcomeIds(request).size, request.requestId).toBeLessThanOrEqual(1)
    await eventually(async () => expect(await stateOf(request), request.requestId).toEqual(folded(request)))
  }
  const contents = new Map<string, string>()
  for (const noun of decided) {
    for (const { topic, headers, value } of await recordsOf(`concord.${noun}.v1`)) {
      const id = `${topic} ${String(headers['ce_id'])}`
      const bytes = value?.toString('base64') ?? ''
      expect(bytes, id).toBe(contents.get(id) ?? bytes)
      contents.set(id, bytes)
    }
  }
  const before = await Promise.all(asked.map(stateOf))
  await flush()
  await eventually(async () => expect(await Promise.all(asked.map(stateOf))).toEqual(before), 30_000)
}, 180_000)

test('no sentinel outlives the run of Redis that it was set in', async () => {
  const other = createRedisStore({ url: redis.address, prefix: `${prefix}other:`, timeoutMs: 1_000 })
  const set = async (): Promise<void> => {
    expect(await other.setSentinel('whole', 'a', { if: null })).toBe(true)
    expect(await other.put('key', 'value', { ifVersion: 'any', under: { sentinel: 'whole', value: 'a' } })).toMatchObject({
      ok: true,
    })
  }
  const isLost = async (): Promise<void> => {
    expect(await eventually(() => other.sentinel('whole'))).toBeNull()
    const under = { sentinel: 'whole', value: 'a' }
    await expect(other.put('key', 'late', { ifVersion: 'any', under })).rejects.toMatchObject({
      code: 'state_lost',
      retryable: true,
    })
  }
  await set()
  await redis.restart()
  await isLost()
  expect(await other.get('key')).toMatchObject({ value: 'value' })
  await set()
  await flush()
  await isLost()
  expect(await other.get('key')).toBeNull()
  await set()
  await restartOn(null)
  await isLost()
  await other.close()
}, 60_000)
