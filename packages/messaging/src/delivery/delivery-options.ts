import type { Clock, Fault, Random } from '@concord/contracts'
import type { Broker, InRecord, TopicPartition } from '../broker.ts'

/** How an attempt at a record ended. */
export type Settled = { kind: 'done' } | { kind: 'retry'; afterMs: number }

export interface HandleContext {
  /** Aborts when the record is another member's by now, or the drain budget is spent. What is done after that counts for nothing. */
  signal: AbortSignal
  /** From 1, in this process. */
  attempt: number
  /** When this process first saw the record, in milliseconds since the epoch. */
  firstSeenAt: number
  /**
   * To be called before anything is published for the record.
   * @throws Fault `fenced` when the partition may be another member's by now, as far as this process can know: it has left, a rebalance has not
   * said yet, or the group has not acknowledged this member within the session timeout. Whoever gets it settles with `retry`: the record is
   * this member's again, or its owner reads it.
   */
  assertOwned(): void
}

/** When a record that holds the watermark back is told to end. */
export interface HeadOfLine {
  /** Offsets from the watermark to the highest seen, of which no more than 2 % are incomplete. */
  span: number
  /** Milliseconds since the record was first seen: beyond every deadline that it may rightly take. */
  afterMs: number
}

/** Partition numbers that came to this member or left it. With `aligned` a number stands for that partition of every topic. */
export interface PartitionChange {
  kind: 'gained' | 'lost'
  partitions: number[]
  /** For `gained`: aborts when they leave again before the callback has resolved. */
  signal: AbortSignal
}

export interface DeliveryOptions {
  broker: Broker
  group: string
  topics: string[]
  clientId: string
  assignment: 'spread' | 'aligned'
  /** The bulkhead: messages in flight. */
  concurrency: number
  /**
   * Records of one key are handled one at a time, in log order; across topics too, where only one at a time is promised. By default the
   * record's key bytes; a record without a key is in order with nothing.
   */
  keyOf?(record: InRecord): string
  /**
   * Resolving `done` means: all that the record caused is acknowledged, and its offset may be committed. `retry` holds up the key, and no
   * slot, for that time. A throw is reported to `onFault` and retried with back-off.
   */
  handle(record: InRecord, context: HandleContext): Promise<Settled>
  clock: Clock
  random?: Random
  /** 500 by default. */
  commitIntervalMs?: number
  /** Above it, a partition is paused; at half of it, resumed. 500 by default. */
  maxIncompletePerPartition?: number
  /** How long work in flight may go on when partitions are revoked or the process drains. 5,000 by default. */
  drainBudgetMs?: number
  /**
   * A record that nothing else has ended by then, while all behind it is done, is told to: its signal aborts with a fault `head_of_line`, now and
   * in every later attempt. `handle` makes a dead letter of it. 10,000 offsets and 120,000 ms by default.
   */
  headOfLine?: Partial<HeadOfLine>
  /** How long the client may be out of contact with its group before `health` says so. 30,000 by default,
   * because a group that waits for a dead member and for draining ones is silent for up to 25,000. */
  stallAfterMs?: number
  onFault?(fault: Fault, record?: InRecord): void
  /** A commit has ended, after that many milliseconds. One that a rebalance has fenced is not counted. */
  onCommit?(ms: number, ok: boolean): void
  /**
   * Calls never overlap. `gained` is awaited before any of its records is handled, and is repeated with back-off when it throws; `lost` comes
   * after the last commit, awaited within the drain budget.
   */
  onPartitions?(change: PartitionChange): void | Promise<void>
}

export interface PartitionStats extends TopicPartition {
  /** The committed offset, or null when there is none. */
  committed: number | null
  /** The offset that would be committed now; null while nothing is known. */
  watermark: number | null
  /** The offset behind the partition's last record, as the last fetch saw it; null before. It stands still while the partition is paused. */
  high: number | null
  /** -1 while there is none. */
  highestSeen: number
  highestDone: number
  incomplete: number
  /** When the lowest incomplete offset was first seen, in milliseconds since the epoch. */
  oldestIncompleteAt: number | null
  /** When the broker got the record of the lowest incomplete offset. */
  oldestRecordAt: number | null
  paused: boolean
}

export interface DeliveryStats {
  /** Handlers at work now, for partitions that are here. */
  inFlight: number
  /** Records that wait for a slot or for an earlier one of their key. */
  queued: number
  /** Records that wait for their retry. */
  waiting: number
  pausedPartitions: number
  /** Assignments since the start. */
  rebalances: number
  /** Milliseconds since the start for which rebalances have kept work from starting. */
  rebalanceWaitMs: number
  commits: number
  commitFailures: number
  /** Times that `assertOwned` or `assertMember` has said no. */
  refused: number
  /** Records that were told to end because they held the watermark back. */
  headOfLine: number
  perPartition: PartitionStats[]
}
