import type { Assigned, Commit, TopicPartition } from '../broker.ts'
import { OffsetTracker } from './offset-tracker.ts'

/**
 * One stay of a partition with this member, from its assignment to its revocation. The object is the epoch: what belongs to an ended
 * tenure changes nothing and is never committed, even when the same partition is here again.
 */
export interface Tenure extends TopicPartition {
  readonly tracker: OffsetTracker
  /** `closing` lets the work in flight finish and starts none. */
  state: 'held' | 'closing' | 'ended'
  /** Paused because too much is incomplete. */
  full: boolean
  committed: number | null
  committedVersion: number
}

export function createTenure({ topic, partition, committed }: Assigned): Tenure {
  const tracker = new OffsetTracker(committed)
  return {
    topic,
    partition,
    tracker,
    state: 'held',
    full: false,
    committed: committed?.offset ?? null,
    committedVersion: tracker.version(),
  }
}

/** What there is to commit, read from one snapshot, and how to note that it was. Null when nothing has changed. */
export function dueCommit(tenure: Tenure): { commit: Commit; committed: () => void } | null {
  if (tenure.state === 'ended' || tenure.tracker.version() === tenure.committedVersion) return null
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
