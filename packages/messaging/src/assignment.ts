import { Fault } from '@concord/contracts'
import type { ConsumerOptions, TopicPartition } from './broker.ts'

export interface GroupMember {
  id: string
  topics: string[]
}

/** Partition counts by topic. */
export type PartitionCounts = ReadonlyMap<string, number>

/** Who gets what: every partition to one member that subscribes to its topic. The same input gives the same answer. */
export function assignPartitions(
  kind: ConsumerOptions['assignment'],
  members: readonly GroupMember[],
  counts: PartitionCounts,
): Map<string, TopicPartition[]> {
  const assigned = new Map(members.map((member) => [member.id, [] as TopicPartition[]]))
  switch (kind) {
    case 'spread':
      spread(members, counts, assigned)
      return assigned
    case 'aligned':
      align(members, counts, assigned)
      return assigned
  }
}

/** Each partition goes to the subscriber that has least so far. */
function spread(members: readonly GroupMember[], counts: PartitionCounts, assigned: Map<string, TopicPartition[]>): void {
  for (const [topic, partition] of everyPartition(counts)) {
    const least = members
      .filter((member) => member.topics.includes(topic))
      .map((member) => assigned.get(member.id) ?? [])
      .reduce<TopicPartition[] | undefined>(
        (best, own) => (best === undefined || own.length < best.length ? own : best),
        undefined,
      )
    least?.push({ topic, partition })
  }
}

/** Partition n of every topic goes to one member, even where that member does not read all of the topics yet (a rolling deployment). */
function align(members: readonly GroupMember[], counts: PartitionCounts, assigned: Map<string, TopicPartition[]>): void {
  for (const [topic, partition] of everyPartition(counts)) {
    const member = members[partition % members.length]
    if (member?.topics.includes(topic)) assigned.get(member.id)?.push({ topic, partition })
  }
}

function* everyPartition(counts: PartitionCounts): Generator<[string, number]> {
  for (const topic of [...counts.keys()].sort()) {
    for (let partition = 0; partition < (counts.get(topic) ?? 0); partition++) yield [topic, partition]
  }
}

/** The counts of `topics`, checked: all exist, and an aligned assignment finds them equal. */
export function subscribedCounts(
  options: Pick<ConsumerOptions, 'topics' | 'assignment'>,
  known: PartitionCounts,
): PartitionCounts {
  const counts = new Map<string, number>()
  for (const topic of options.topics) {
    const count = known.get(topic)
    if (count === undefined) {
      throw new Fault('not_found', `the topic ${topic} does not exist.`, { retryable: true, mend: 'Run: concord topics apply.' })
    }
    counts.set(topic, count)
  }
  if (options.assignment === 'aligned' && new Set(counts.values()).size > 1) {
    const list = [...counts].map(([topic, count]) => `${topic} (${count})`).join(', ')
    throw new Fault('invalid_config', `an aligned group needs topics with equal partition counts, and these differ: ${list}.`)
  }
  return counts
}
