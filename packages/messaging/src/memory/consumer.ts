import { Fault, type Clock } from '@concord/contracts'
import { subscribedCounts } from '../assignment.ts'
import type { Assigned, Commit, Consumer, ConsumerHandlers, ConsumerOptions, TopicPartition } from '../broker.ts'
import { checkMetadata } from '../record-check.ts'
import type { Group, Member } from './group.ts'
import { createIce } from './ice.ts'
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

const placeOf = ({ topic, partition }: TopicPartition): string => `${topic}/${partition}`

/** A member of a group in this process, with the three ways in which tests end or halt its membership. */
export class MemoryConsumer implements Consumer, Member {
  readonly id: string
  readonly options: ConsumerOptions
  readonly #deps: ConsumerDeps
  readonly #ice = createIce()
  #handlers: ConsumerHandlers | undefined
  #readers: Reader[] = []
  /** Where reading stood when the last assignment ended, by place. */
  #positions = new Map<string, number>()
  #state: 'new' | 'running' | 'crashed' | 'stopped' = 'new'
  #lastContact: number
  #draining: Promise<void> = Promise.resolve()
  #endSession: (() => void) | undefined

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
    if (this.#ice.frozen()) await this.#ice.melted()
    this.#deps.checkAvailable()
    for (const commit of commits) checkMetadata(commit)
    this.#deps.group.commit(this, commits)
  }

  lastContact(): number {
    if (this.#state === 'running' && this.#deps.isAvailable() && !this.#ice.frozen()) this.#lastContact = this.#deps.clock.now()
    return this.#lastContact
  }

  memberUntil(): number {
    if (this.#state !== 'running') return 0
    if (!this.#ice.frozen() && !this.#deps.group.has(this)) return 0
    return this.lastContact() + this.#deps.sessionTimeoutMs
  }

  async stop(): Promise<void> {
    if (this.#state === 'crashed') return never()
    this.#state = 'stopped'
    this.#endSession?.()
    this.#close()
    this.#deps.group.leave(this)
  }

  async revoke(): Promise<void> {
    if (this.#ice.frozen()) await this.#ice.melted()
    if (this.#state === 'crashed' || !this.#deps.group.has(this)) return never()
    this.#draining = this.#handlers?.onRevoked(this.#close()) ?? Promise.resolve()
    await this.#draining
  }

  assign(partitions: Assigned[]): void {
    if (this.#state !== 'running') return
    const readers = partitions.map((one) =>
      createReader(one, this.#startOf(one), this.#readerDeps(), (records, progress) =>
        this.#handlers?.onRecords(records, progress),
      ),
    )
    this.#readers = readers
    void this.#handlers?.onAssigned(partitions).then(() => readers.forEach((reader) => reader.open()))
  }

  #startOf(one: Assigned): number {
    const kept = one.kept ? this.#positions.get(placeOf(one)) : undefined
    return kept ?? one.committed?.offset ?? this.#deps.topics.log(one)?.low() ?? 0
  }

  #readerDeps() {
    return { ...this.#deps, isAvailable: () => this.#deps.isAvailable() && !this.#ice.frozen() }
  }

  async expelled(): Promise<void> {
    if (this.#ice.frozen()) await this.#ice.melted()
    if (this.#state !== 'running') return
    this.#handlers?.onLost(this.#close())
    this.#positions.clear()
    await this.#draining
    if (this.#state === 'running') void this.#deps.group.join(this)
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

  /** Gets nothing and says nothing until it thaws. The group drops it when the session ends; it hears of that when it has thawed. */
  freeze(): void {
    if (this.#state !== 'running' || this.#ice.frozen()) return
    this.lastContact()
    this.#ice.freeze()
    this.#endSession = this.#deps.clock.after(this.#deps.sessionTimeoutMs, () => this.#deps.group.expel(this))
  }

  thaw(): void {
    this.#endSession?.()
    this.#ice.thaw()
    this.wake()
  }

  /** The broker is back. */
  wake(): void {
    for (const reader of this.#readers) reader.wake()
  }

  #close(): TopicPartition[] {
    const held = this.#readers.map(({ topic, partition }) => ({ topic, partition }))
    this.#positions = new Map(this.#readers.map((reader) => [placeOf(reader), reader.position()]))
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
