import { Fault, type Clock } from '@concord/contracts'
import type { Admin, Broker } from '../broker.ts'
import { defaultMaxRecordBytes } from '../record-check.ts'
import { createConsumer, type MemoryConsumer } from './consumer.ts'
import { createGroup, type Group } from './group.ts'
import { createProducer, type MemoryProducer } from './producer.ts'
import { createTopics } from './topics.ts'

export interface MemoryBrokerOptions {
  clock: Clock
  maxRecordBytes?: number
  /** How long the group waits for a member that has crashed or does not drain. Milliseconds, 10,000 by default. */
  sessionTimeoutMs?: number
  /** Runs a delivery soon: microtasks by default. A seeded scheduler goes here. */
  schedule?: (run: () => void) => void
}

/** A broker inside the process, with the faults that tests ask for. */
export interface MemoryBroker extends Broker {
  /** Ends the consumers and producers of a client as a power cut would: nothing more is delivered, committed or sent. */
  crash(clientId: string): void
  /** The groups drop the consumers of a client that lives on: they lose their partitions and join again. */
  expire(clientId: string): void
  /** While false, calls reject with `broker_unavailable` and nothing is delivered. */
  setAvailable(available: boolean): void
}

export function createMemoryBroker(options: MemoryBrokerOptions): MemoryBroker {
  const { clock, sessionTimeoutMs = 10_000, schedule = queueMicrotask, maxRecordBytes = defaultMaxRecordBytes } = options
  const topics = createTopics()
  const groups = new Map<string, Group>()
  const consumers: MemoryConsumer[] = []
  const producers: MemoryProducer[] = []
  let up = true
  const available = (): boolean => up

  function groupOf(name: string): Group {
    const group = groups.get(name) ?? createGroup({ clock, topics, rebalanceTimeoutMs: sessionTimeoutMs })
    groups.set(name, group)
    return group
  }

  function checkAvailable(): void {
    if (!up) throw new Fault('broker_unavailable', 'the broker does not answer.', { retryable: true })
  }

  return {
    async producer({ clientId }) {
      checkAvailable()
      const producer = createProducer(clientId, { clock, topics, maxRecordBytes, available })
      producers.push(producer)
      return producer
    },
    consumer(wanted) {
      const id = `${wanted.clientId}-${consumers.length}`
      const deps = { id, clock, topics, group: groupOf(wanted.group), sessionTimeoutMs, schedule, available }
      const consumer = createConsumer(wanted, deps)
      consumers.push(consumer)
      return consumer
    },
    async admin() {
      checkAvailable()
      return createAdmin(topics, groupOf, checkAvailable)
    },
    crash(clientId) {
      for (const client of [...consumers, ...producers]) if (client.clientId === clientId) client.crash()
    },
    expire(clientId) {
      for (const consumer of consumers) if (consumer.clientId === clientId) consumer.expire()
    },
    setAvailable(available) {
      up = available
      if (up) for (const consumer of consumers) consumer.wake()
    },
  }
}

function createAdmin(
  topics: ReturnType<typeof createTopics>,
  groupOf: (name: string) => Group,
  checkAvailable: () => void,
): Admin {
  function logsOf(topic: string) {
    checkAvailable()
    const logs = topics.logs(topic)
    if (logs === undefined)
      throw new Fault('not_found', `the topic ${topic} does not exist.`, { mend: 'Run: concord topics apply.' })
    return logs
  }
  return {
    async createTopics(specs) {
      checkAvailable()
      return specs.filter((spec) => topics.create(spec)).map((spec) => spec.topic)
    },
    async listTopics() {
      checkAvailable()
      return topics.counts()
    },
    topicOffsets: async (topic) => logsOf(topic).map((log) => ({ partition: log.partition, low: log.low(), high: log.high() })),
    committed: async (group, topic) =>
      logsOf(topic).map(({ partition }) => {
        const found = groupOf(group).committed({ topic, partition })
        return { partition, offset: found?.offset ?? -1, metadata: found?.metadata ?? '' }
      }),
    async close() {},
  }
}
