/** The broker port. Adapters: `memory/` (an in-process log) and `kafka/` (kafkajs). Both pass `testBroker`. */

export interface TopicPartition {
  topic: string
  partition: number
}

/** Header values as bytes; Kafka allows a key to repeat, hence the list. */
export type Headers = Record<string, Buffer | Buffer[]>

export interface InRecord extends TopicPartition {
  offset: number
  key: Buffer | null
  value: Buffer | null
  headers: Headers
  /** Milliseconds since the epoch, as the broker keeps it. */
  timestamp: number
}

export interface OutRecord {
  topic: string
  /** Only for a record that must go to a named partition; otherwise the key decides (murmur2, as Java clients do). */
  partition?: number
  key: string | Buffer | null
  value: Buffer | null
  headers: Record<string, string | Buffer | Buffer[]>
}

export interface Producer {
  /**
   * Resolves when every record is acknowledged by all in-sync replicas. Records for one partition keep their order, within a call and
   * from call to call. A call with a record that the broker would refuse (size, header types, unknown topic) rejects with
   * `invalid_record` and sends nothing; other calls do not feel it. `broker_unavailable` means that some of the call may be in the log.
   */
  send(records: OutRecord[]): Promise<void>
  /** Waits for what is under way. Later sends are refused. */
  close(): Promise<void>
}

export interface Commit extends TopicPartition {
  /** The next offset to read: everything below it is done. */
  offset: number
  /** Travels with the offset; at most 4,096 bytes. */
  metadata?: string
}

export interface Assigned extends TopicPartition {
  /** What the group committed, or null when it never did (reading then starts at the earliest record). */
  committed: { offset: number; metadata: string } | null
  /**
   * Held by this member until the rebalance, whose `onRevoked` has resolved, and by nobody since: reading goes on after the last record that was
   * taken. Otherwise it starts at the commit.
   */
  kept: boolean
}

/** How far reading of a partition has come. */
export interface Progress extends TopicPartition {
  /** The offset to read next, once all of these records are taken. Behind the last of them, markers of transactions may have been passed. */
  position: number
  /** The offset that the partition's next record would have got when these were fetched. */
  high: number
}

/** Callbacks of a consumer. Only `onAssigned` and `onRevoked` are awaited; none may throw. `stop` calls none of them. */
export interface ConsumerHandlers {
  /**
   * All that the member holds from now on. What it held before and is not `kept` here may be another's. No record is handed over before it
   * resolves, and nothing is paused but what is paused from here on. A revocation may come while it is still under way.
   */
  onAssigned(partitions: Assigned[]): Promise<void>
  /**
   * A rebalance begins. Still owned: commits made here count, and until the next `onAssigned` no later ones. The rejoin waits for it, within
   * the adapter's drain budget; whoever takes longer loses the partitions.
   */
  onRevoked(partitions: TopicPartition[]): Promise<void>
  /** Owned no more: nothing may be committed. */
  onLost(partitions: TopicPartition[]): void
  /**
   * Takes records of one partition, in offset order, and returns at once: how many of them it took, from the first on (nothing means all).
   * Whoever takes fewer calls `pause` and gets the others after `resume`. Records may repeat after a rebalance. There may be none at all: then the
   * log has nothing up to `progress.position`.
   */
  onRecords(records: InRecord[], progress: Progress): number | void
  /** The consumer cannot go on by itself and has stopped. */
  onCrash(error: unknown): void
}

export interface Consumer {
  /** Joins the group and starts to call `handlers`. Rejects with `not_found` when a topic does not exist. Call it once. */
  start(handlers: ConsumerHandlers): Promise<void>
  pause(partitions: TopicPartition[]): void
  resume(partitions: TopicPartition[]): void
  /** Rejects with `fenced`, and commits nothing, when one of the partitions may be another member's by now. */
  commit(commits: Commit[]): Promise<void>
  /** Milliseconds since the epoch of the last contact with the group (poll or heartbeat), for the watchdog. */
  lastContact(): number
  /**
   * Milliseconds since the epoch until which the group waits for this member before it gives its partitions to others: the session timeout after
   * the last request that the group has acknowledged was sent. 0 for who is no member. A process that was frozen finds it in the past.
   */
  memberUntil(): number
  /** Leaves the group. Call after the last commit: later commits are refused. */
  stop(): Promise<void>
}

export interface ConsumerOptions {
  group: string
  topics: string[]
  clientId: string
  /**
   * `spread` balances every partition of every topic over the members.
   * `aligned` gives partition n of all topics to one member; the topics must have equal partition counts.
   */
  assignment: 'spread' | 'aligned'
}

export interface TopicSpec {
  topic: string
  partitions: number
  replicas?: number
  /** Broker settings such as `cleanup.policy`. */
  config?: Record<string, string>
}

export interface TopicOffsets {
  partition: number
  /** First offset still kept. */
  low: number
  /** The offset that the next record will get. */
  high: number
}

export interface Admin {
  /** Creates what is missing and leaves what exists as it is. Returns the names it created. */
  createTopics(topics: TopicSpec[]): Promise<string[]>
  /** Name to number of partitions. */
  listTopics(): Promise<Map<string, number>>
  topicOffsets(topic: string): Promise<TopicOffsets[]>
  /** Committed offset by partition; -1 where the group has none. */
  committed(group: string, topic: string): Promise<{ partition: number; offset: number; metadata: string }[]>
  /** Sets where a group without members starts to read. A group with members is left as it is and rejects with `fenced`. */
  place(group: string, topic: string, offsets: { partition: number; offset: number }[]): Promise<void>
  close(): Promise<void>
}

/** Offsets of one partition: `from` is the first, `to` the one after the last. `Infinity` is as far as the log goes. */
export interface OffsetRange {
  from: number
  to: number
}

export interface Broker {
  /** Each of the three connects lazily or at once, and rejects with a retryable `broker_unavailable` when nobody answers. */
  producer(options: { clientId: string }): Promise<Producer>
  consumer(options: ConsumerOptions): Consumer
  admin(): Promise<Admin>
  /**
   * Reads a range of one partition outside any group: commits nothing and changes nobody's assignment. Reading starts with the first list that
   * is asked for; what the log does not hold at that moment, below its low or from its high on, is not part of the range. Lists come in offset
   * order and are never empty; offsets may be missing among them, and at the end too. It ends when the range is read. Rejects with `not_found`
   * for a topic or partition that does not exist, with a retryable `broker_unavailable`, or with the signal's reason; whoever tries again goes
   * on after the last record. Any number of reads may go on at once.
   */
  read(at: TopicPartition, range: OffsetRange, signal?: AbortSignal): AsyncIterable<InRecord[]>
}
