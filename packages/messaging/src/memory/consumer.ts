import { Fault, type Clock } from '@concord/contracts'
import { subscribedCounts } from '../assignment.ts'
import type { Assigned, Commit, Consumer, ConsumerHandlers, ConsumerOptions, TopicPartition } from '../broker.ts'
import { checkMetadata } from '../record-check.ts'
import type { Group, Member } from './group.ts'
import { createReader, type Reader } from './reader.ts'
import type { Topics } from './topics.ts'

export interface ConsumerDeps {
  /** The member's id. */
  id: string
  clock: Clock
  topics: Topics
  group: Group
  sessionTimeoutMs: number
  schedule: (run: () => void) => void
  /** @throws Fault `broker_unavailable` while the broker is away. */
  checkAvailable: () => void
  isAvailable: () => boolean
}

/** A member of a group in this process, with the two ways in which tests end its membership. */
export class MemoryConsumer implements Consumer, Member {
  readonly id: string
  readonly options: ConsumerOptions
  readonly #deps: ConsumerDeps
  #handlers: ConsumerHandlers | undefined
  #readers: Reader[] = []
  #state: 'new' | 'running' | 'crashed' | 'stopped' = 'new'
  #lastContact: number
  #draining: Promise<void> = Promise.resolve()

  constructor(options: ConsumerOptions, deps: ConsumerDeps) {
    this.id = deps.id
    this.options = options
    this.#deps = deps
    this.#lastContact = deps.clock.now()
  }

  async start(handlers: ConsumerHandlers): Promise<void> {
    if (this.#state !== 'new') throw new Fault('invalid_input', 'a consumer starts once.')
    this.#deps.checkAvailable()
    subscribedCounts(this.options, this.#deps.topics.counts())
    this.#state = 'running'
    this.#handlers = handlers
    await this.#deps.group.join(this)
  }

  pause(partitions: readonly TopicPartition[]): void {
    for (const reader of this.#readersOf(partitions)) reader.pause()
  }

  resume(partitions: readonly TopicPartition[]): void {
    for (const reader of this.#readersOf(partitions)) reader.resume()
  }

  async commit(commits: Commit[]): Promise<void> {
    if (this.#state === 'crashed') return never()
    this.#deps.checkAvailable()
    for (const commit of commits) checkMetadata(commit)
    this.#deps.group.commit(this, commits)
  }

  lastContact(): number {
    if (this.#state === 'running' && this.#deps.isAvailable()) this.#lastContact = this.#deps.clock.now()
    return this.#lastContact
  }

  async stop(): Promise<void> {
    if (this.#state === 'crashed') return never()
    this.#state = 'stopped'
    this.#close()
    this.#deps.group.leave(this)
  }

  revoke(): Promise<void> {
    if (this.#state === 'crashed') return never()
    this.#draining = this.#handlers?.onRevoked(this.#close()) ?? Promise.resolve()
    return this.#draining
  }

  assign(partitions: Assigned[]): void {
    if (this.#state !== 'running') return
    const readers = partitions.map((one) => createReader(one, this.#deps, (records) => this.#handlers?.onRecords(records)))
    this.#readers = readers
    void this.#handlers?.onAssigned(partitions).then(() => readers.forEach((reader) => reader.open()))
  }

  expelled(): void {
    if (this.#state !== 'running') return
    this.#handlers?.onLost(this.#close())
    void this.#draining.then(() => {
      if (this.#state === 'running') void this.#deps.group.join(this)
    })
  }

  /** Falls silent at once; the group notices when the session ends. */
  crash(): void {
    if (this.#state !== 'running') return
    this.lastContact()
    this.#state = 'crashed'
    this.#close()
    this.#deps.clock.after(this.#deps.sessionTimeoutMs, () => this.#deps.group.leave(this))
  }

  /** The group drops the member, which lives on, loses all and joins again. */
  expire(): void {
    this.#deps.group.expel(this)
  }

  /** The broker is back. */
  wake(): void {
    for (const reader of this.#readers) reader.wake()
  }

  #close(): TopicPartition[] {
    const held = this.#readers.map(({ topic, partition }) => ({ topic, partition }))
    for (const reader of this.#readers) reader.close()
    this.#readers = []
    return held
  }

  #readersOf(partitions: readonly TopicPartition[]): Reader[] {
    return this.#readers.filter((reader) =>
      partitions.some((at) => at.topic === reader.topic && at.partition === reader.partition),
    )
  }
}

/** What a process that has died would answer. */
function never(): Promise<never> {
  return new Promise(() => {})
}
