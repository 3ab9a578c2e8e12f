/** The walking skeleton: all services in this process, on real Kafka, a real registry and Redis. */
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseRequest, requestRecord, tail, watchOutcomes, type LogEntry } from '@concord/cli'
import { createConfluentRegistry, loadSchemas, registerSchemas, replies, topics, type Request } from '@concord/contracts'
import { serviceNames, startConstellation, type Constellation } from '@concord/dev-env'
import { startKafka } from '@concord/dev-env/real'
import { createKafkaBroker } from '@concord/messaging'
import { createRedisLimiter } from '@concord/runtime'
import { createRedisStore } from '@concord/store'
import { SchemaRegistry } from '@kafkajs/confluent-schema-registry'
import { Kafka, logLevel, type KafkaMessage } from 'kafkajs'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { shopFolder, tenantId } from './world.ts'

const registryUrl = process.env['SCHEMA_REGISTRY_URL'] ?? ''
const redisUrl = process.env['REDIS_URL'] ?? ''
const run = randomUUID().slice(0, 8)
const end: (() => Promise<unknown>)[] = []
afterAll(async () => {
  for (const close of end.toReversed()) await close()
}, 60_000)

let brokers: string[]
let constellation: Constellation
const outcomes = watchOutcomes('notice')
const entries: LogEntry[] = []

// Other tests leave messages on the shared broker's topics, whose names are fixed: this one has a broker of its own.
beforeAll(async () => {
  const dir = await mkdtemp(join(tmpdir(), 'concord-skeleton-'))
  end.push(() => rm(dir, { recursive: true, force: true }))
  const kafka = await startKafka({ dir })
  end.push(() => kafka.stop('SIGKILL'))
  brokers = kafka.address.split(',')
  await registerSchemas(registryUrl, loadSchemas())
  const broker = createKafkaBroker({ brokers, clientId: `skeleton-${run}` })
  const store = createRedisStore({ url: redisUrl, prefix: `skeleton-${run}:` })
  end.push(() => store.close())
  constellation = await startConstellation({
    domainFolder: shopFolder,
    run: { ratePerSecond: 1_000 },
    ports: {
      broker,
      store,
      registry: createConfluentRegistry({ url: registryUrl }),
      createLimiter: (name, rate) => createRedisLimiter(`${run}/${name}`, rate, { url: redisUrl }),
    },
  })
  end.push(() => constellation.stop())
  const reading = await tail({
    broker,
    codec: constellation.codec,
    onEntry(entry) {
      entries.push(entry)
      if (entry.noun === 'replies') outcomes.see(entry)
    },
  })
  end.push(() => reading.stop())
}, 60_000)

async function ask(requests: readonly Request[]) {
  const producer = await constellation.broker.producer({ clientId: `requester-${run}` })
  onTestFinished(() => producer.close())
  await producer.send(await Promise.all(requests.map((request) => requestRecord(constellation.codec, request, Date.now()))))
  return Promise.all(requests.map((request) => outcomes.waitFor(request)))
}

const requestsOf = (texts: readonly string[], customerId: string | null = null): Request[] =>
  texts.map((text, at) =>
    parseRequest({ requestId: `${run}-${randomUUID().slice(0, 4)}-${at}`, text, customerId }, tenantId, 'the test'),
  )

/** Every message of these topics, by a client that has never heard of us. */
async function foreign(names: string[], wanted: (read: { topic: string; message: KafkaMessage }[]) => boolean) {
  const client = new Kafka({ brokers, clientId: 'foreigner', logLevel: logLevel.NOTHING })
  const consumer = client.consumer({ groupId: `foreigner-${randomUUID()}` })
  onTestFinished(() => consumer.disconnect())
  await consumer.connect()
  await consumer.subscribe({ topics: names, fromBeginning: true })
  const read: { topic: string; message: KafkaMessage }[] = []
  const complete = Promise.withResolvers<void>()
  await consumer.run({
    eachMessage: async ({ topic, message }) => {
      read.push({ topic, message })
      if (wanted(read)) complete.resolve()
    },
  })
  await complete.promise
  return read
}

test('five requests go through all services, and each reply decodes for a consumer that has the registry alone', async () => {
  const asked = requestsOf([
    'How many days do I have to return shoes?',
    'Do you ship to Finland?',
    'Tell me a joke about the weather',
    'I will sue you, my lawyer is informed.',
    'How can I unsubscribe from the newsletter?',
  ])
  const results = await ask(asked)
  expect(results.map(({ outcome }) => outcome)).toEqual(['answered', 'answered', 'declined', 'escalated', 'answered'])

  const registry = new SchemaRegistry({ host: registryUrl })
  const read = await foreign([replies.name], (so) => so.length >= asked.length)
  const decoded = await Promise.all(
    read.map(
      async ({ message }) =>
        (await registry.decode(message.value ?? Buffer.alloc(0))) as { outcome: string; envelope: { requestId: string } },
    ),
  )
  for (const { requestId, outcome } of results) {
    expect(decoded.filter(({ envelope }) => envelope.requestId === requestId)).toMatchObject([{ outcome }])
  }
})

test("one trace id stands in every hop's headers, and every header is text", async () => {
  const [request] = requestsOf(['Which ways of paying do you accept, is PayPal possible?'])
  if (request === undefined) throw new Error('there is one')
  const [result] = await ask([request])
  const ofRequest = ({ message }: { message: KafkaMessage }): boolean =>
    String(message.headers?.['ce_subject']) === request.requestId
  const nounOf = ({ topic }: { topic: string }): string => topic.split('.')[1] ?? ''
  const expected = ['requests', 'triage', 'knowledge', 'policy', 'briefs', 'drafts', 'replies', 'case-events', 'model-calls']
  const read = await foreign(
    topics.map(({ name }) => name),
    (so) => expected.every((noun) => so.filter(ofRequest).map(nounOf).includes(noun)),
  )
  const hops = read.filter(ofRequest)
  expect(new Set(hops.map(({ message }) => String(message.headers?.['traceparent']).slice(3, 35)))).toEqual(
    new Set([result?.traceId]),
  )
})

test('every service is stopped and started in the middle, and each request has one outcome', async () => {
  const texts = Array.from({ length: 30 }, (_, at) => `How many days do I have to return shoes? (${run} ${at})`)
  const asked = requestsOf(texts)
  const answered = ask(asked)
  for (const name of serviceNames) {
    await constellation.end(`${name}-0`)
    await constellation.start(name, `${name}-again`)
  }
  const results = await answered
  expect(results.map(({ outcome }) => outcome)).toEqual(asked.map(() => 'answered'))
  expect(asked.filter((request) => outcomes.outcomeIds(request).size !== 1)).toEqual([])
  const calls = entries
    .filter(({ noun, value }) => noun === 'model-calls' && value['outcome'] === 'ok')
    .map(({ value }) => value['callId'])
  expect(new Set(calls).size).toBe(calls.length)
}, 90_000)
