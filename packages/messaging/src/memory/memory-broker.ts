import { Fault, type Clock } from '@concord/contracts'
import type { Admin, Broker, ConsumerOptions, InRecord, OffsetRange, TopicPartition } from '../broker.ts'
import { defaultMaxRecordBytes } from '../record-check.ts'
import { createAdmin } from './admin.ts'
import { MemoryConsumer } from './consumer.ts'
import { Group } from './group.ts'
import { createProducer, type MemoryProducer } from './producer.ts'
import { readRange } from './range-reader.ts'
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
  /**
   * Halts a client, as a suspended process: nothing reaches it, its calls wait, and its groups drop it when the session ends. Thawed, it goes on
   * where it was, and then hears what it has missed.
   */
  freeze(clientId: string): void
  thaw(clientId: string): void
  /** While false, calls reject with `broker_unavailable` and nothing is delivered. */
  setAvailable(available: boolean): void
}

export function createMemoryBroker(options: MemoryBrokerOptions): MemoryBroker {
  return new InProcessBroker(options)
}

class InProcessBroker implements MemoryBroker {
  readonly #options: Required<MemoryBrokerOptions>
  readonly #topics = createTopics()
  readonly #groups = new Map<string, Group>()
  readonly #consumers: MemoryConsumer[] = []
  readonly #producers: MemoryProducer[] = []
  #available = true

  constructor(options: MemoryBrokerOptions) {
    this.#options = { maxRecordBytes: defaultMaxRecordBytes, sessionTimeoutMs: 10_000, schedule: queueMicrotask, ...options }
  }

  async producer({ clientId }: { clientId: string }): Promise<MemoryProducer> {
    this.#checkAvailable()
    const { clock, maxRecordBytes } = this.#options
    const checkAvailable = (): void => this.#checkAvailable()
    const producer = createProducer(clientId, { clock, topics: this.#topics, maxRecordBytes, checkAvailable })
    this.#producers.push(producer)
    return producer
  }

  consumer(wanted: ConsumerOptions): MemoryConsumer {
    const consumer = new MemoryConsumer(wanted, {
      ...this.#options,
      id: `${wanted.clientId}-${this.#consumers.length}`,
      topics: this.#topics,
      group: this.#groupOf(wanted.group),
      checkAvailable: () => this.#checkAvailable(),
      isAvailable: () => this.#available,
    })
    this.#consumers.push(consumer)
    return consumer
  }

  async admin(): Promise<Admin> {
    this.#checkAvailable()
    return createAdmin({
      topics: this.#topics,
      groupOf: (name) => this.#groupOf(name),
      checkAvailable: () => this.#checkAvailable(),
    })
  }

  read(at: TopicPartition, range: OffsetRange, signal?: AbortSignal): AsyncIterable<InRecord[]> {
    return readRange(at, range, { topics: this.#topics, checkAvailable: () => this.#checkAvailable(), signal })
  }

  crash(clientId: string): void {
    for (const consumer of this.#consumersOf(clientId)) consumer.crash()
    for (const producer of this.#producersOf(clientId)) producer.crash()
  }

  expire(clientId: string): void {
    for (const consumer of this.#consumersOf(clientId)) consumer.expire()
  }

  freeze(clientId: string): void {
    for (const one of [...this.#consumersOf(clientId), ...this.#producersOf(clientId)]) one.freeze()
  }

  thaw(clientId: string): void {
    for (const one of [...this.#consumersOf(clientId), ...this.#producersOf(clientId)]) one.thaw()
  }

  setAvailable(available: boolean): void {
    for (const consumer of this.#consumers) consumer.lastContact()
    this.#available = available
    if (available) for (const consumer of this.#consumers) consumer.wake()
  }

  #consumersOf(clientId: string): MemoryConsumer[] {
    return this.#consumers.filter((consumer) => consumer.options.clientId === clientId)
  }

  #producersOf(clientId: string): MemoryProducer[] {
    return this.#producers.filter((producer) => producer.clientId === clientId)
  }

  #groupOf(name: string): Group {
    const { clock, sessionTimeoutMs } = this.#options
    const group = this.#groups.get(name) ?? new Group({ clock, topics: this.#topics, rebalanceTimeoutMs: sessionTimeoutMs })
    this.#groups.set(name, group)
    return group
  }

  #checkAvailable(): void {
    if (!this.#available) throw new Fault('broker_unavailable', 'the broker does not answer.', { retryable: true })
  }
}
