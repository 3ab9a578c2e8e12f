/** Sends requests and waits for what comes back, the same way for relays and constellation: by bare kafkajs, matched by key. */
import { setTimeout as sleep } from 'node:timers/promises'
import { Fault } from '@concord/contracts'
import { Kafka, logLevel, type Message } from 'kafkajs'

/** A request with a key of its own, which the last message of its way carries too. */
export interface Sent {
  key: string
  message: Message
}

export interface Returned {
  /** From the first request sent to the last one back. Milliseconds. */
  ms: number
  /** For each request, from its sending to its return. Milliseconds. */
  latencies: number[]
  /** What came back, for a look at it after the measurement. */
  values: (Buffer | null)[]
}

export interface Driver {
  /** Sends, and waits for the broker alone. */
  publish(topic: string, requests: readonly Sent[]): Promise<void>
  /** All at once. */
  burst(topic: string, requests: readonly Sent[]): Promise<Returned>
  /** So many a second, evenly. */
  paced(topic: string, requests: readonly Sent[], perSecond: number): Promise<Returned>
  close(): Promise<void>
}

const batch = 500
/** Given up when nothing has come back for so long. Milliseconds. */
const silentMs = 60_000

/** @param returns topics on which requests come back */
export async function openDriver(brokers: string[], returns: readonly string[]): Promise<Driver> {
  const kafka = new Kafka({ brokers, clientId: 'bench-driver', logLevel: logLevel.NOTHING })
  const producer = kafka.producer({ allowAutoTopicCreation: false })
  const consumer = kafka.consumer({ groupId: `bench-driver-${process.pid}`, maxWaitTimeInMs: 200 })
  const awaited = createAwaited()
  await Promise.all([producer.connect(), consumer.connect()])
  await consumer.subscribe({ topics: [...returns], fromBeginning: true })
  const joined = new Promise((resolve) => consumer.on(consumer.events.GROUP_JOIN, resolve))
  await consumer.run({
    partitionsConsumedConcurrently: 64,
    eachBatch: async ({ batch }) => {
      for (const { key, value } of batch.messages) awaited.back(key?.toString() ?? '', value)
    },
  })
  await joined

  async function publish(topic: string, requests: readonly Sent[]): Promise<void> {
    for (let first = 0; first < requests.length; first += batch) {
      const some = requests.slice(first, first + batch)
      for (const { key } of some) awaited.sent(key)
      await producer.send({ topic, acks: -1, messages: some.map(({ message }) => message) })
    }
  }

  return {
    publish,
    async burst(topic, requests) {
      const all = awaited.begin(requests)
      await publish(topic, requests)
      return all
    },
    async paced(topic, requests, perSecond) {
      const all = awaited.begin(requests)
      const start = performance.now()
      for (const [at, { key, message }] of requests.entries()) {
        await sleep(Math.max(0, start + (at * 1_000) / perSecond - performance.now()))
        awaited.sent(key)
        void producer.send({ topic, acks: -1, messages: [message] }).catch(awaited.fail)
      }
      return all
    },
    async close() {
      await Promise.all([producer.disconnect(), consumer.disconnect()])
    },
  }
}

function createAwaited() {
  let open = new Map<string, number>()
  let result = { start: 0, latencies: [] as number[], values: [] as (Buffer | null)[] }
  let settle = Promise.withResolvers<Returned>()
  let lastBack = 0

  function watch(): void {
    const timer = setInterval(() => {
      if (performance.now() - lastBack < silentMs) return
      settle.reject(new Fault('internal', `${open.size} requests have not come back, and nothing else has for ${silentMs} ms.`))
    }, 1_000)
    void settle.promise.catch(() => undefined).finally(() => clearInterval(timer))
  }

  return {
    begin(requests: readonly Sent[]): Promise<Returned> {
      open = new Map(requests.map(({ key }) => [key, Number.NaN]))
      lastBack = performance.now()
      result = { start: lastBack, latencies: [], values: [] }
      settle = Promise.withResolvers()
      watch()
      return settle.promise
    },
    sent(key: string): void {
      if (open.has(key)) open.set(key, performance.now())
    },
    /** A repetition, and what was not sent here, count for nothing. */
    back(key: string, value: Buffer | null): void {
      const sentAt = open.get(key)
      if (sentAt === undefined) return
      open.delete(key)
      lastBack = performance.now()
      result.latencies.push(lastBack - sentAt)
      result.values.push(value)
      if (open.size === 0) settle.resolve({ ms: lastBack - result.start, latencies: result.latencies, values: result.values })
    },
    fail: (error: unknown): void => settle.reject(error),
  }
}
