import { Fault, systemClock } from '@concord/contracts'
import type { Consumer as KafkaConsumer, ConsumerEndBatchProcessEvent, EachBatchPayload } from 'kafkajs'
import type { Commit, ConsumerHandlers, ConsumerOptions, TopicPartition } from '../broker.ts'
import { within } from '../within.ts'
import { createAssigner } from './assigner.ts'
import { createClient, patientRetry, type ClientOptions } from './client.ts'
import { checkStart, createFeed, toRecords, type Feed } from './feed.ts'
import { Membership } from './membership.ts'
import { forClient, keptPositions, placeOf, type Interlude, type Stay } from './stay.ts'

/** Milliseconds. A member that dies may not hold up its group for long; one that drains must keep its session meanwhile. */
export const groupTimes = {
  sessionTimeout: 10_000,
  rebalanceTimeout: 15_000,
  heartbeatInterval: 2_000,
  /** Beyond the drain budget of the owner, within the session's timeout. */
  revokeTimeout: 8_000,
  /** Bounds how late a pause, a resume or a rebalance is noticed. */
  maxWait: 200,
  leaveTimeout: 10_000,
}

type Gap = ConsumerEndBatchProcessEvent['payload']

export interface SessionDeps {
  client: ClientOptions
  options: ConsumerOptions
  /** At least as many as there are partitions, so that no partition waits for another's batch. */
  concurrency: number
  handlers: ConsumerHandlers
  onContact: () => void
  /** The owner has been told of its partitions. */
  onAssigned: () => void
  /** The session is over, and its partitions are lost. */
  onCrash: (error: unknown) => void
}

/** The life of one kafkajs consumer, from joining the group to a crash or to the end. A crash is answered with a new session. */
export class Session {
  readonly #deps: SessionDeps
  readonly #consumer: KafkaConsumer
  readonly #membership: Membership
  readonly #feeds = new Map<string, Feed>()
  #stay: Stay | undefined
  #interlude: Interlude | undefined
  #over = false

  constructor(deps: SessionDeps) {
    const { group, assignment } = deps.options
    this.#deps = deps
    this.#membership = new Membership(group, (known) => this.#beforeJoin(known))
    this.#consumer = createClient(deps.client, patientRetry).consumer({
      groupId: group,
      partitionAssigners: [
        createAssigner(
          assignment,
          (cluster) => this.#membership.attach(cluster),
          () => (this.#stay ?? this.#interlude?.stay)?.partitions ?? [],
        ),
      ],
      sessionTimeout: groupTimes.sessionTimeout,
      rebalanceTimeout: groupTimes.rebalanceTimeout,
      heartbeatInterval: groupTimes.heartbeatInterval,
      maxWaitTimeInMs: groupTimes.maxWait,
      minBytes: 1,
      maxBytesPerPartition: 262_144,
      allowAutoTopicCreation: false,
      retry: { ...patientRetry, restartOnFailure: async () => false },
    })
    this.#listen()
  }

  #listen(): void {
    const { GROUP_JOIN, HEARTBEAT, END_BATCH_PROCESS, CRASH } = this.#consumer.events
    this.#consumer.on(HEARTBEAT, () => this.#deps.onContact())
    this.#consumer.on(END_BATCH_PROCESS, ({ payload }) => {
      this.#deps.onContact()
      if (payload.batchSize === 0) this.#onGap(payload)
    })
    this.#consumer.on(GROUP_JOIN, ({ payload }) => this.#joined(payload.memberAssignment))
    this.#consumer.on(CRASH, ({ payload }) => this.crash(payload.error))
  }

  async start(): Promise<void> {
    await this.#consumer.connect()
    await this.#consumer.subscribe({ topics: this.#deps.options.topics, fromBeginning: true })
    await this.#consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: this.#deps.concurrency,
      eachBatch: async (payload) => this.#onBatch(payload),
    })
  }

  /** Runs inside the client's join, before it fetches again: the partitions are paused until their owner is ready. */
  #joined(assignment: Record<string, number[]>): void {
    if (this.#over) return
    this.#deps.onContact()
    const partitions = Object.entries(assignment).flatMap(([topic, numbers]) =>
      numbers.map((partition) => ({ topic, partition })),
    )
    const stay = { joined: this.#membership.joined(), partitions, announced: false }
    this.#stay = stay
    this.#pauseFetch(partitions)
    void this.#open(stay)
  }

  async #open(stay: Stay): Promise<void> {
    try {
      const positions = await this.#membership.positions(stay.partitions)
      if (this.#stay !== stay) return
      const left = keptPositions(this.#interlude, stay)
      this.#interlude = undefined
      const assigned = positions.map(({ start, ...at }) => {
        const position = left.get(placeOf(at))
        this.#feeds.set(placeOf(at), createFeed(at, position ?? start))
        return { ...at, kept: position !== undefined }
      })
      stay.announced = true
      const ready = this.#deps.handlers.onAssigned(assigned)
      this.#deps.onAssigned()
      await ready
      if (this.#stay !== stay) return
      for (const feed of this.#feeds.values()) this.#openFeed(feed)
    } catch (error) {
      if (this.#stay === stay) this.crash(error)
    }
  }

  #openFeed(feed: Feed): void {
    feed.open = true
    this.#seek(feed)
    if (!feed.paused) this.#resumeFetch([feed])
  }

  /** Takes what the owner takes, and leaves the rest where it is. Whatever is thrown here would end the client for good. */
  #onBatch({ batch, resolveOffset }: EachBatchPayload): void {
    const feed = this.#feeds.get(placeOf(batch))
    if (feed === undefined || !feed.open || feed.paused) return
    try {
      if (checkStart(feed, batch) === 'elsewhere') return this.#seek(feed)
      const records = toRecords(batch)
      const { topic, partition } = feed
      const progress = { topic, partition, position: Number(batch.lastOffset()) + 1, high: Number(batch.highWatermark) }
      const taken = this.#deps.handlers.onRecords(records, progress) ?? records.length
      const last = records[taken - 1]
      if (last !== undefined) {
        resolveOffset(`${last.offset}`)
        feed.position = taken === records.length ? progress.position : last.offset + 1
      }
      if (taken < records.length) this.pause([feed])
    } catch (error) {
      this.crash(error)
    }
  }

  /** The client has passed offsets without a record, such as markers of transactions. Only what begins where reading stands leaves nothing out. */
  #onGap(gap: Gap): void {
    const feed = this.#feeds.get(placeOf(gap))
    if (feed === undefined || !feed.open || feed.paused || Number(gap.firstOffset) > feed.position) return
    const { topic, partition } = feed
    feed.position = Math.max(feed.position, Number(gap.lastOffset) + 1)
    this.#deps.handlers.onRecords([], { topic, partition, position: feed.position, high: Number(gap.highWatermark) })
  }

  /** Holds the request to join until the owner has drained. No heartbeat is sent meanwhile. */
  async #beforeJoin(known: boolean): Promise<void> {
    const stay = this.#stay
    const positions = new Map([...this.#feeds].map(([place, { position }]) => [place, position]))
    this.#feeds.clear()
    if (this.#over) return
    if (!known) this.#loseInterlude()
    if (stay === undefined) return
    // A join that has brought nothing to the owner yet leaves the one before it as the last that counts.
    if (stay.announced && (await this.#drained(stay, known))) this.#interlude = { stay, positions }
    if (this.#stay === stay) this.#stay = undefined
  }

  /** @returns whether the owner has drained in time. Otherwise the partitions are lost. */
  async #drained(stay: Stay, known: boolean): Promise<boolean> {
    const { handlers } = this.#deps
    if (known && (await within(handlers.onRevoked(stay.partitions), groupTimes.revokeTimeout, systemClock))) return true
    if (this.#stay === stay) handlers.onLost(stay.partitions)
    return false
  }

  #loseInterlude(): void {
    const { stay } = this.#interlude ?? {}
    this.#interlude = undefined
    if (stay !== undefined) this.#deps.handlers.onLost(stay.partitions)
  }

  pause(partitions: readonly TopicPartition[]): void {
    const feeds = this.#feedsOf(partitions)
    for (const feed of feeds) feed.paused = true
    this.#pauseFetch(feeds)
  }

  resume(partitions: readonly TopicPartition[]): void {
    const feeds = this.#feedsOf(partitions)
    for (const feed of feeds) feed.paused = false
    this.#resumeFetch(feeds.filter((feed) => feed.open))
  }

  #feedsOf(partitions: readonly TopicPartition[]): Feed[] {
    return partitions.map((at) => this.#feeds.get(placeOf(at))).filter((feed) => feed !== undefined)
  }

  #pauseFetch(partitions: readonly TopicPartition[]): void {
    this.#tell((consumer) => consumer.pause(forClient(partitions)))
  }

  #resumeFetch(partitions: readonly TopicPartition[]): void {
    this.#tell((consumer) => consumer.resume(forClient(partitions)))
  }

  #seek({ topic, partition, position }: Feed): void {
    this.#tell((consumer) => consumer.seek({ topic, partition, offset: `${position}` }))
  }

  /** A client that has just stopped by itself throws here, and its crash is on the way. */
  #tell(what: (consumer: KafkaConsumer) => void): void {
    try {
      what(this.#consumer)
    } catch (error) {
      this.#deps.client.log?.({ level: 'debug', message: 'the client has stopped', fields: { error: String(error) } })
    }
  }

  async commit(commits: Commit[]): Promise<void> {
    const held = new Set(this.#stay?.partitions.map(placeOf))
    const stray = commits.find((commit) => !held.has(placeOf(commit)))
    if (stray !== undefined) throw new Fault('fenced', `${placeOf(stray)} is no longer held by this member.`)
    await this.#membership.commit(commits)
  }

  /** Milliseconds since the epoch until which the group waits for the member; 0 for who is none. */
  memberUntil(): number {
    const at = this.#over ? 0 : this.#membership.acknowledgedAt()
    return at === 0 ? 0 : at + groupTimes.sessionTimeout
  }

  /** Ends the session and says so. */
  crash(error: unknown): void {
    if (this.#over) return
    this.#loseInterlude()
    const stay = this.#end()
    if (stay?.announced) this.#deps.handlers.onLost(stay.partitions)
    void this.#disconnect()
    this.#deps.onCrash(error)
  }

  async stop(): Promise<void> {
    this.#end()
    await this.#disconnect()
  }

  #end(): Stay | undefined {
    const stay = this.#stay
    this.#over = true
    this.#stay = undefined
    this.#feeds.clear()
    return stay
  }

  async #disconnect(): Promise<void> {
    await within(
      this.#consumer.disconnect().catch(() => {}),
      groupTimes.leaveTimeout,
      systemClock,
    )
  }
}
