import type { Fault } from '@concord/contracts'
import type { Assigned, Commit, InRecord, TopicPartition } from '../broker.ts'
import { OffsetTracker } from './offset-tracker.ts'

/** A record on its way through this process. */
export interface Work {
  readonly record: InRecord
  readonly key: string
  readonly tenure: Tenure
  /** Milliseconds since the epoch. */
  readonly firstSeenAt: number
  /** Null while it waits for its turn. Milliseconds since the epoch. */
  firstTriedAt: number | null
  attempts: number
  /** Why it was told to end, and whether an attempt has ended since. */
  cancelled: { fault: Fault; at: number; heeded: boolean } | null
}

/**
 * One stay of a partition with this member. The object is the epoch: what belongs to an ended tenure changes nothing and is never committed,
 * even when the same partition is here again. It outlives a rebalance where nobody else can have held the partition.
 */
export interface Tenure extends TopicPartition {
  readonly tracker: OffsetTracker<Work>
  /**
   * `closing` lets the work in flight finish and starts none. `suspended`, between a rebalance's barrier and its outcome, lets it go on too, but
   * nothing is published or committed for it.
   */
  state: 'held' | 'closing' | 'suspended' | 'ended'
  /** Paused because too much is incomplete. */
  full: boolean
  /** The offset behind the partition's last record, as the last fetch saw it. */
  high: number | null
  committed: number | null
  committedVersion: number
}

export const placeOf = ({ topic, partition }: TopicPartition): string => `${topic}/${partition}`

export function createTenure({ topic, partition, committed }: Assigned): Tenure {
  const tracker = new OffsetTracker<Work>(committed)
  return {
    topic,
    partition,
    tracker,
    state: 'held',
    full: false,
    high: null,
    committed: committed?.offset ?? null,
    committedVersion: tracker.version(),
  }
}

/** Whether the group, as far as it has said, counts the partition as this member's. */
export const isOwned = ({ state }: Tenure): boolean => state === 'held' || state === 'closing'

/** What there is to commit, read from one snapshot, and how to note that it was. Null when nothing has changed. */
export function dueCommit(tenure: Tenure): { commit: Commit; committed: () => void } | null {
  if (!isOwned(tenure) || tenure.tracker.version() === tenure.committedVersion) return null
  const version = tenure.tracker.version()
  const snapshot = tenure.tracker.snapshot()
  if (snapshot === null) return null
  return {
    commit: { topic: tenure.topic, partition: tenure.partition, ...snapshot },
    committed() {
      tenure.committed = snapshot.offset
      tenure.committedVersion = version
    },
  }
}
