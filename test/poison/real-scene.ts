/** Processes of a poisoned service on real parts, what is sent to them, and all that they answer. */
import { spawn, type ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import {
  createCodec,
  createConfluentRegistry,
  failures,
  loadSchemas,
  partitionKey,
  registerSchemas,
  requests,
  topics,
  triaged,
  type Envelope,
  type Failure,
  type Topic,
  type Triage,
} from '@concord/contracts'
import { aRequest } from '@concord/contracts/testing'
import { createKafkaBroker, type InRecord, type Producer } from '@concord/messaging'
import { deadLetterTopic } from '@concord/runtime'
import { onTestFinished } from 'vitest'

const registryUrl = process.env['SCHEMA_REGISTRY_URL'] ?? ''
export const schemas = loadSchemas()
export const codec = createCodec({ registry: createConfluentRegistry({ url: registryUrl }), schemas })
export const broker = createKafkaBroker({ brokers: (process.env['KAFKA_BROKERS'] ?? '').split(','), clientId: 'poison-test' })

export interface Service {
  said(): string
  /** The exit code, once it has ended. */
  readonly ended: Promise<number>
  stop(): Promise<number>
  /** Value of one figure of its own, now. */
  figure(name: string): Promise<number>
}

export interface RealScene {
  /** Of the service and its group. */
  readonly name: string
  start(): Service
  /** Every one is the only one of its conversation, unless told. */
  send(requestIds: readonly string[], harm?: Record<string, string>, conversationId?: string): Promise<void>
  /** Records by the id of their request. */
  answers(): Promise<Map<string, InRecord[]>>
  /** Of what was sent here: the topic holds what other tests have sent too. */
  letters(): Promise<InRecord[]>
  told(): Promise<Failure[]>
}

export async function realScene(): Promise<RealScene> {
  const name = `poisoned-${randomUUID().slice(0, 8)}`
  const letterTopic = deadLetterTopic(requests.name, name)
  await registerSchemas(registryUrl, schemas)
  const admin = await broker.admin()
  await admin.createTopics([...topics.map((topic) => topic.name), letterTopic].map((topic) => ({ topic, partitions: 3 })))
  await admin.close()
  const producer = await broker.producer({ clientId: name })
  onTestFinished(() => producer.close())
  const read = await reading([triaged.name, failures.name, letterTopic])
  const valuesOn = async <T extends { envelope: Envelope }>(topic: Topic<string, T>) =>
    Promise.all(
      read
        .filter((record) => record.topic === topic.name)
        .map(async (record) => ({ record, value: await codec.decode(topic, record.value) })),
    )
  return {
    name,
    start: () => start(name),
    send: (requestIds, harm = {}, conversationId) => send(producer, { run: name, ...harm }, requestIds, conversationId),
    async answers() {
      const ours = (await valuesOn<Triage>(triaged as never)).filter(({ value }) => value.reason === name)
      const byRequest = Map.groupBy(ours, ({ value }) => String(value.envelope.requestId))
      return new Map([...byRequest].map(([id, all]) => [id, all.map(({ record }) => record)]))
    },
    async letters() {
      const letters = read.filter(({ topic }) => topic === letterTopic)
      const asked = await Promise.all(letters.map(({ value }) => codec.decode(requests, value)))
      return letters.filter((_, at) => asked[at]?.metadata['run'] === name)
    },
    async told() {
      const all = (await valuesOn<Failure>(failures as never)).map(({ value }) => value)
      return all.filter(({ agent, envelope }) => agent === name && envelope.request.metadata['run'] === name)
    },
  }
}

function start(name: string): Service {
  const { PATH = '', KAFKA_BROKERS = '', SCHEMA_REGISTRY_URL = '', REDIS_URL = '' } = process.env
  const main = join(import.meta.dirname, 'poisoned-service.ts')
  const env = { PATH, KAFKA_BROKERS, SCHEMA_REGISTRY_URL, REDIS_URL }
  const child: ChildProcess = spawn(process.execPath, [main, name], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  let text = ''
  child.stdout?.on('data', (bytes) => (text += String(bytes)))
  child.stderr?.on('data', (bytes) => (text += String(bytes)))
  const ended = once(child, 'close').then(([code]) => Number(code))
  return {
    said: () => text,
    ended,
    stop: () => (child.kill('SIGTERM'), ended),
    async figure(figure) {
      const port = /"port":(\d+)/.exec(text)?.[1] ?? '0'
      const figures = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
      return Number(
        figures
          .split('\n')
          .find((line) => line.startsWith(`concord_${figure}{`))
          ?.split(' ')
          .at(-1) ?? Number.NaN,
      )
    },
  }
}

async function send(
  producer: Producer,
  metadata: Record<string, string>,
  requestIds: readonly string[],
  conversationId?: string,
) {
  const made = requestIds.map((requestId) => aRequest({ requestId, conversationId: conversationId ?? null, metadata }))
  const records = made.map(async (request) => ({
    topic: requests.name,
    key: partitionKey({ ...request, conversationId: request.conversationId ?? (request.requestId as never) }),
    value: await codec.encode(requests, request),
    headers: {},
  }))
  await producer.send(await Promise.all(records))
}

async function reading(names: string[]): Promise<InRecord[]> {
  const read: InRecord[] = []
  const consumer = broker.consumer({ group: randomUUID(), topics: names, clientId: 'reader', assignment: 'spread' })
  onTestFinished(() => consumer.stop())
  await consumer.start({
    onAssigned: async () => {},
    onRevoked: async () => {},
    onLost: () => {},
    onRecords(records) {
      read.push(...records)
      return records.length
    },
    onCrash: () => {},
  })
  return read
}
