import type { TopicPartition } from '../broker.ts'
import { partitionsByTopic } from './assigner.ts'
import type { Joined } from './cluster.ts'

/** What the member holds between two rebalances. */
export interface Stay {
  /** As whom. */
  joined: Joined | undefined
  partitions: TopicPartition[]
  /** Whether the owner knows. */
  announced: boolean
}

/** A stay that has ended in good order, and where reading stood. */
export interface Interlude {
  stay: Stay
  positions: ReadonlyMap<string, number>
}

export const placeOf = ({ topic, partition }: TopicPartition): string => `${topic}/${partition}`

/**
 * Where reading stood, of the partitions that were this member's in the last generation before this one: nobody else can have had them, because
 * each generation has one assignment. A member that joins again while the group is at rest gets the same generation, and the same partitions.
 */
export function keptPositions(interlude: Interlude | undefined, { joined, partitions }: Stay): Map<string, number> {
  const before = interlude?.stay.joined
  if (before === undefined || joined?.memberId !== before.memberId) return new Map()
  if (joined.generationId - before.generationId > 1) return new Map()
  const places = new Set(partitions.map(placeOf))
  return new Map([...(interlude?.positions ?? [])].filter(([place]) => places.has(place)))
}

export function forClient(partitions: readonly TopicPartition[]): { topic: string; partitions: number[] }[] {
  return Object.entries(partitionsByTopic(partitions)).map(([topic, numbers]) => ({ topic, partitions: numbers }))
}
