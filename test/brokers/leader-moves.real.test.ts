import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Fault, systemClock } from '@concord/contracts'
import { startKafka, type KafkaCluster } from '@concord/dev-env/real'
import { createDelivery, createKafkaBroker, type Broker, type Delivery, type InRecord } from '@concord/messaging'
import { eventually } from '@concord/testing'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'

const topic = 'moving'
const group = 'movers'
const partitions = 6
const keys = Array.from({ length: 30 }, (_, i) => `key-${i}`)
const minute = 60_000

let dir: string
let cluster: KafkaCluster
let broker: Broker

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'concord-brokers-'))
  cluster = await startKafka({ dir, brokers: 3 })
  broker = createKafkaBroker({ brokers: cluster.address.split(','), clientId: 'moving' })
  await eventually(async () => {
    const admin = await broker.admin()
    await admin.createTopics([{ topic, partitions, replicas: 3 }]).finally(() => void admin.close())
  }, minute)
}, 3 * minute)

afterAll(async () => {
  await cluster.stop('SIGKILL')
  await rm(dir, { recursive: true, force: true })
})

/** Sends the numbers of each key one after the other; what is not acknowledged is sent again. */
function startSending() {
  const acknowledged = new Map(keys.map((key) => [key, -1]))
  const producing = broker.producer({ clientId: 'sender' })
  let going = true
  let failures = 0

  async function sendAll(key: string): Promise<void> {
    const producer = await producing
    for (let number = 0; going; number++) {
      const record = { topic, key, value: Buffer.from(`${number}`), headers: {} }
      for (let sent = false; !sent;) {
        try {
          await producer.send([record])
          sent = true
        } catch (error) {
          if (Fault.from(error).code !== 'broker_unavailable') throw error
          failures++
          await systemClock.sleep(100)
        }
      }
      acknowledged.set(key, number)
      await systemClock.sleep(20)
    }
  }
  const sending = Promise.all(keys.map(sendAll))
  return {
    acknowledged,
    failures: () => failures,
    async stop() {
      going = false
      await sending
      await (await producing).close()
    },
  }
}

/** Numbers by key, in the order in which they were first seen. */
function firstSeen() {
  const seen = new Map<string, Set<number>>(keys.map((key) => [key, new Set()]))
  return {
    add: ({ key, value }: InRecord) => void seen.get(key?.toString() ?? '')?.add(Number(value?.toString())),
    of: (key: string) => [...(seen.get(key) ?? [])],
    total: () => [...seen.values()].reduce((sum, numbers) => sum + numbers.size, 0),
  }
}

function member(clientId: string, handled: ReturnType<typeof firstSeen>): Delivery {
  const delivery = createDelivery({
    broker,
    clock: systemClock,
    group,
    topics: [topic],
    clientId,
    assignment: 'spread',
    concurrency: 50,
    async handle(record, context) {
      await systemClock.sleep(5)
      context.assertOwned()
      handled.add(record)
      return { kind: 'done' }
    },
  })
  onTestFinished(() => delivery.drain())
  return delivery
}

const upTo = (last: number) => Array.from({ length: last + 1 }, (_, number) => number)

test(
  'leaders that move under load lose nothing that was acknowledged, and change no order',
  { timeout: 6 * minute },
  async () => {
    const handled = firstSeen()
    const members = [member('one', handled), member('two', handled)]
    await Promise.all(members.map((one) => one.start()))
    const sender = startSending()
    const progresses = async () => {
      const before = [sender.acknowledged.get('key-0') ?? 0, handled.total()]
      await eventually(() => {
        expect(Math.min(...sender.acknowledged.values())).toBeGreaterThan((before[0] ?? 0) + 10)
        expect(handled.total()).toBeGreaterThan((before[1] ?? 0) + 300)
      }, 2 * minute)
    }
    await progresses()
    for (const [index, node] of cluster.nodes.entries()) {
      await node.stop(index === 1 ? 'SIGKILL' : 'SIGTERM')
      await progresses()
      await node.restart()
      await progresses()
    }
    await sender.stop()

    const log = firstSeen()
    for (const partition of Array.from({ length: partitions }, (_, n) => n)) {
      for await (const list of broker.read({ topic, partition }, { from: 0, to: Infinity })) list.forEach(log.add)
    }
    await eventually(() => expect(handled.total()).toBe(log.total()), 2 * minute)
    for (const key of keys) {
      const sent = upTo(sender.acknowledged.get(key) ?? -1)
      expect(log.of(key), `${key} in the log`).toEqual(sent)
      expect(handled.of(key), `${key} as handled`).toEqual(sent)
    }
    const admin = await broker.admin()
    await eventually(async () => {
      const high = (await admin.topicOffsets(topic)).map((one) => one.high)
      expect((await admin.committed(group, topic)).map(({ offset }) => offset)).toEqual(high)
    }, minute)
    await admin.close()
  },
)
