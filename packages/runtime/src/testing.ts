/** A world in memory for one agent or process: for the tests of the runtime and of services. */
import {
  createCodec,
  createFolderRegistry,
  Fault,
  loadSchemas,
  messageHeaders,
  partitionKey,
  requests,
  topicByName,
  topics,
  type Envelope,
  type Request,
  type Topic,
  type TraceContext,
} from '@concord/contracts'
import { createMemoryBroker, type InRecord, type MemoryBroker, type OutRecord, type Producer } from '@concord/messaging'
import type { Model } from '@concord/model'
import { createMemoryStore, type MemoryStore } from '@concord/store'
import { createMetrics, silentLogger } from '@concord/telemetry'
import { createVirtualClock, type VirtualClock } from '@concord/testing'
import type { Deps } from './deps.ts'
import { deadLetterTopic } from './keys.ts'
import { createLocalLimiter } from './limiter/index.ts'
import type { Manifest } from './shell.ts'

/** A message on a topic, with the record that it came in. */
export interface Sent {
  value: unknown
  record: InRecord
}

export interface Bench {
  readonly deps: Deps
  readonly clock: VirtualClock
  readonly broker: MemoryBroker
  /** Can go back a minute. */
  readonly store: MemoryStore
  /** Puts a message on a topic, as its maker would. */
  send(topic: Topic, value: unknown, trace?: TraceContext): Promise<void>
  /** Puts a record on a topic as it is. */
  sendRecord(record: OutRecord): Promise<void>
  /** Everything that stands on the topic by now, in the order in which it was read. */
  on(topic: Topic | string): Promise<Sent[]>
  /** Value of one figure of the service; 0 where it was never counted. */
  figure(name: string, labels?: Record<string, string>): Promise<number>
  /** Lets time pass, with all that happens in it. Milliseconds; without any, what is due already happens. */
  pass(ms?: number): Promise<void>
}

export interface BenchOptions {
  manifest: Manifest
  model?: Model
  partitions?: number
  overrides?: Partial<Deps>
}

const noModel: Model = { ask: async () => Promise.reject(new Fault('internal', 'this test has no model.')) }

// Read and compiled once for all benches of a test file: they hold no state of a test.
const schemas = loadSchemas()
const registry = createFolderRegistry(schemas)
const codec = createCodec({ registry, schemas })

export async function createBench({ manifest, model = noModel, partitions = 3, overrides = {} }: BenchOptions): Promise<Bench> {
  const clock = createVirtualClock()
  const broker = createMemoryBroker({ clock })
  const store = createMemoryStore({ clock, rewindableMs: 60_000 })
  const deps: Deps = {
    broker,
    registry,
    codec,
    store,
    model,
    createLimiter: (_, rate) => createLocalLimiter(rate, { clock }),
    clock,
    random: () => 0.5,
    log: silentLogger,
    metrics: createMetrics(manifest.name),
    ...overrides,
  }
  const dead = manifest.consumes.map(({ name }) => deadLetterTopic(name, manifest.name))
  const names = [...topics.map(({ name }) => name), ...dead]
  await (await broker.admin()).createTopics(names.map((topic) => ({ topic, partitions })))
  const producer = await broker.producer({ clientId: 'bench' })
  const log = await readAll(broker, names)

  const pass = async (ms = 0): Promise<void> => {
    for (let turn = 0; turn < 20; turn++) await clock.advance(0)
    if (ms > 0) await clock.advance(ms)
    for (let turn = 0; turn < 20; turn++) await clock.advance(0)
  }

  return {
    deps,
    clock,
    broker,
    store,
    send: (topic, value, trace) => sendMessage(producer, deps, topic, value, trace),
    sendRecord: (record) => producer.send([record]),
    async on(topic) {
      await pass()
      const name = typeof topic === 'string' ? topic : topic.name
      return Promise.all(log.filter((record) => record.topic === name).map((record) => sentOf(record, deps)))
    },
    async figure(name, labels = {}) {
      const metric = deps.metrics.registry.getSingleMetric(`concord_${name}`)
      const values = (await metric?.get())?.values ?? []
      const match = values.filter((one) => Object.entries(labels).every(([label, value]) => String(one.labels[label]) === value))
      return match.reduce((sum, { value }) => sum + value, 0)
    },
    pass,
  }
}

async function sendMessage(
  producer: Producer,
  { codec, clock }: Deps,
  topic: Topic,
  value: unknown,
  trace?: TraceContext,
): Promise<void> {
  const bytes = await codec.encode(topic, value)
  if (topic.name === requests.name) {
    const { tenantId, conversationId, requestId } = value as Request
    const headers = trace === undefined ? {} : { ...trace }
    await producer.send([{ topic: topic.name, key: `${tenantId}:${conversationId ?? requestId}`, value: bytes, headers }])
    return
  }
  const { envelope } = value as { envelope: Envelope }
  const { messageId, requestId, madeBy } = envelope
  const source = madeBy.agent
  const headers =
    trace === undefined ? {} : messageHeaders({ topic: topic.name, messageId, source, requestId, time: clock.now(), trace })
  await producer.send([{ topic: topic.name, key: partitionKey(envelope), value: bytes, headers }])
}

async function readAll(broker: MemoryBroker, names: string[]): Promise<InRecord[]> {
  const log: InRecord[] = []
  const consumer = broker.consumer({ group: 'bench', topics: names, clientId: 'bench', assignment: 'spread' })
  await consumer.start({
    onAssigned: async () => {},
    onRevoked: async () => {},
    onLost: () => {},
    onRecords(records) {
      log.push(...records)
      return records.length
    },
    onCrash: () => {},
  })
  return log
}

/** Dead letters have no topic of ours: their value stays bytes. */
async function sentOf(record: InRecord, { codec }: Deps): Promise<Sent> {
  const topic = topicByName(record.topic)
  return { record, value: topic === undefined ? record.value : await codec.decode(topic, record.value) }
}

export { planned, type Plan, type Planned } from './testing/crashing.ts'
