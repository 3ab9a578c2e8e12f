/** A bare kafkajs relay: for each message of a topic, so many on other topics. All stages in one process, whole batches at a time. */
import {
  Kafka,
  logLevel,
  type Consumer,
  type EachBatchPayload,
  type KafkaMessage,
  type Producer,
  type TopicMessages,
} from 'kafkajs'
import type { RelayOptions, Stage, Target } from '../load/relay-plan.ts'
import { tell, untilTold, workerOptions } from './worker-side.ts'

/** Of one topic and partition in one request: below what the broker takes. */
const mostBytes = 800_000

const { brokers, stages } = workerOptions<RelayOptions>()
const kafka = new Kafka({ brokers, clientId: 'bench-relay', logLevel: logLevel.ERROR })
const producer = kafka.producer({ allowAutoTopicCreation: false })
await producer.connect()
const consumers = await Promise.all(stages.map((stage) => run(stage, producer)))
tell('ready')
untilTold(async () => {
  await Promise.all(consumers.map((consumer) => consumer.disconnect()))
  await producer.disconnect()
})

async function run({ group, routes }: Stage, out: Producer): Promise<Consumer> {
  const consumer = kafka.consumer({ groupId: group, allowAutoTopicCreation: false, maxWaitTimeInMs: 200 })
  await consumer.connect()
  await consumer.subscribe({ topics: routes.map(({ from }) => from), fromBeginning: true })
  const joined = new Promise((resolve) => consumer.on(consumer.events.GROUP_JOIN, resolve))
  await consumer.run({ partitionsConsumedConcurrently: 64, eachBatch: forwarder(routes, out) })
  await joined
  return consumer
}

function forwarder(routes: Stage['routes'], out: Producer): (payload: EachBatchPayload) => Promise<void> {
  const targetsOf = new Map(routes.map(({ from, to }) => [from, to.map(withValue)]))
  return async ({ batch: { topic, messages } }) => {
    const targets = targetsOf.get(topic) ?? []
    const mostMessages = Math.floor(mostBytes / Math.max(1, ...targets.map(({ count, bytes }) => count * (bytes ?? 0))))
    for (let first = 0; first < messages.length && targets.length > 0; first += mostMessages) {
      const some = messages.slice(first, first + mostMessages)
      await out.sendBatch({ acks: -1, topicMessages: targets.map((target) => forwarded(some, target)) })
    }
  }
}

function withValue(target: Target) {
  return { ...target, value: target.bytes === null ? null : Buffer.alloc(target.bytes, 'x') }
}

function forwarded(messages: readonly KafkaMessage[], target: ReturnType<typeof withValue>): TopicMessages {
  const copies = (key: Buffer | null, value: Buffer | null) => Array.from({ length: target.count }, () => ({ key, value }))
  return { topic: target.topic, messages: messages.flatMap(({ key, value }) => copies(key, target.value ?? value)) }
}
