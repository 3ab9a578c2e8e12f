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
}

/** Callbacks of a consumer. Only `onAssigned` and `onRevoked` are awaited; none may throw. `stop` calls none of them. */
export interface ConsumerHandlers {
  /** No record of these partitions is handed over before it resolves. A revocation may come while it is still under way. */
  onAssigned(partitions: Assigned[]): Promise<void>
  /** Still owned: commits made here count. The rejoin waits for it, within the adapter's drain budget. */
  onRevoked(partitions: TopicPartition[]): Promise<void>
  /** Owned no more: nothing may be committed. */
  onLost(partitions: TopicPartition[]): void
  /**
   * Takes records of one partition, in offset order, and returns at once: how many of them it took, from the first on (nothing means all).
   * Whoever takes fewer calls `pause` and gets the others after `resume`. Records may repeat after a rebalance.
   */
  onRecords(records: InRecord[]): number | void
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

export interface Broker {
  /** Each of the three connects lazily or at once, and rejects with a retryable `broker_unavailable` when nobody answers. */
  producer(options: { clientId: string }): Promise<Producer>
  consumer(options: ConsumerOptions): Consumer
  admin(): Promise<Admin>
}
