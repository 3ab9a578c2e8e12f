import { randomUUID } from 'node:crypto'
import {
  createCodec,
  createConfluentRegistry,
  deriveTraceId,
  loadSchemas,
  registerSchemas,
  requests,
  topics,
  traceIdOf,
  triaged,
  type Triage,
} from '@concord/contracts'
import { aRequest, aTriage } from '@concord/contracts/testing'
import { createKafkaBroker, type InRecord } from '@concord/messaging'
import { eventually } from '@concord/testing'
import { expect, onTestFinished, test } from 'vitest'
import { defineAgent, seconds } from '../agent/define-agent.ts'
import { deadLetterTopic } from '../keys.ts'
import { perSecond } from '../limiter/index.ts'
import { publish, skip } from '../outcome.ts'
import { readEnv } from './config.ts'
import { serve } from './serve.ts'

const registryUrl = process.env['SCHEMA_REGISTRY_URL'] ?? ''
const schemas = loadSchemas()
const broker = createKafkaBroker({ brokers: (process.env['KAFKA_BROKERS'] ?? '').split(','), clientId: 'serve-test' })
const codec = createCodec({ registry: createConfluentRegistry({ url: registryUrl }), schemas })

/** An agent of a group of its own that answers only its own request. */
function anAgent(name: string, requestId: string, handled: () => void) {
  return defineAgent({
    name,
    version: '1',
    domainVersion: 'd1',
    consumes: [requests],
    produces: [triaged],
    concurrency: 8,
    rate: perSecond(1_000),
    deadline: seconds(20),
    usesModel: false,
    async handle(request, context) {
      if (request.requestId !== requestId) return skip('another test')
      handled()
      return publish(triaged, { ...aTriage({ reason: name }), envelope: context.envelope() })
    },
  })
}

async function prepare(name: string): Promise<void> {
  await registerSchemas(registryUrl, schemas)
  const admin = await broker.admin()
  const names = [...topics.map((topic) => topic.name), deadLetterTopic(requests.name, name)]
  await admin.createTopics(names.map((topic) => ({ topic, partitions: 3 })))
  await admin.close()
}

async function reading(topic: string): Promise<InRecord[]> {
  const read: InRecord[] = []
  const consumer = broker.consumer({ group: randomUUID(), topics: [topic], clientId: 'reader', assignment: 'spread' })
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

test('on Kafka, the registry and Redis a request is answered once, however often the service starts', async () => {
  const [name, requestId] = [`agent-${randomUUID().slice(0, 8)}`, randomUUID()]
  await prepare(name)
  let handled = 0
  const producer = await broker.producer({ clientId: 'requester' })
  onTestFinished(() => producer.close())
  const value = await codec.encode(requests, aRequest({ requestId }))
  const send = () => producer.send([{ topic: requests.name, key: `acme:${requestId}`, value, headers: {} }])
  const answers = await reading(triaged.name)
  const ours = async () => {
    const all = await Promise.all(answers.map(async (record) => ({ record, value: await codec.decode(triaged, record.value) })))
    return all.filter((one): one is { record: InRecord; value: Triage } => one.value.reason === name)
  }

  for (const run of [1, 2]) {
    const stop = new AbortController()
    const listening = Promise.withResolvers<number>()
    const env = readEnv(process.env)
    const service = { name, create: () => anAgent(name, requestId, () => void handled++) }
    const ended = serve(service, stop.signal, { env: { ...env, LOG_LEVEL: 'silent' }, onListening: listening.resolve })
    await send()
    const port = await listening.promise
    const handledTotal = `concord_messages_handled_total{topic="concord.requests.v1",service="${name}"}`
    await eventually(async () => expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200), 20_000)
    await eventually(async () => expect(await ours()).toHaveLength(1), 20_000)
    await eventually(
      async () => expect(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()).toContain(handledTotal),
      20_000,
    )
    stop.abort()
    await ended
    expect(handled, `run ${run}`).toBe(1)
  }
  const [answer] = await ours()
  const traceparent = String(answer?.record.headers['traceparent'])
  expect(traceIdOf({ traceparent })).toBe(deriveTraceId({ tenantId: 'acme', requestId }))
})
