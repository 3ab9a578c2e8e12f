import { Fault } from '@concord/contracts'
import type { ConsumerOptions, TopicPartition } from './broker.ts'

export interface GroupMember {
  id: string
  topics: string[]
  /** What it held until now, as it says itself: a wish, which proves nothing. */
  held: readonly TopicPartition[]
}

/** Partition counts by topic. */
export type PartitionCounts = ReadonlyMap<string, number>

/**
 * Who gets what: every partition to one member that subscribes to its topic, loads even, and as much as that allows to whoever held it. The
 * same input gives the same answer.
 */
export function assignPartitions(
  kind: ConsumerOptions['assignment'],
  members: readonly GroupMember[],
  counts: PartitionCounts,
): Map<string, TopicPartition[]> {
  const assigned = new Map(members.map((member) => [member.id, [] as TopicPartition[]]))
  const give = (at: TopicPartition, member: GroupMember): void => void assigned.get(member.id)?.push(at)
  switch (kind) {
    case 'spread':
      spread(members, counts, give)
      return assigned
    case 'aligned':
      align(members, counts, give)
      return assigned
  }
}

type Give = (at: TopicPartition, member: GroupMember) => void

/** Topic by topic, so that each is spread, whatever the others weigh. */
function spread(members: readonly GroupMember[], counts: PartitionCounts, give: Give): void {
  const loads: Loads = new Map()
  for (const [topic, count] of inOrder(counts)) {
    const readers = members.filter((member) => member.topics.includes(topic))
    const holds = ({ held }: GroupMember, partition: number): boolean =>
      held.some((at) => at.topic === topic && at.partition === partition)
    for (const [partition, member] of deal(count, readers, holds, loads)) give({ topic, partition }, member)
  }
}

/** Partition n of every topic goes to one member, even where that member does not read all of the topics yet (a rolling deployment). */
function align(members: readonly GroupMember[], counts: PartitionCounts, give: Give): void {
  const holds = ({ held }: GroupMember, partition: number): boolean => held.some((at) => at.partition === partition)
  const owners = deal(Math.max(0, ...counts.values()), members, holds, new Map())
  for (const [topic, count] of inOrder(counts)) {
    for (const [partition, member] of owners) {
      if (partition < count && member.topics.includes(topic)) give({ topic, partition }, member)
    }
  }
}

/** How many partitions each member has got so far. */
type Loads = Map<GroupMember, number>

/**
 * Deals partitions 0 to `count`: every member gets an even share, of what it held as far as that goes, and what is left over goes to whoever has
 * least, its holder if that is one.
 */
function deal(
  count: number,
  members: readonly GroupMember[],
  holds: (member: GroupMember, partition: number) => boolean,
  loads: Loads,
): Map<number, GroupMember> {
  const owners = new Map<number, GroupMember>()
  if (members.length === 0) return owners
  const share = Math.floor(count / members.length)
  const own = (partition: number, member: GroupMember): void => {
    owners.set(partition, member)
    loads.set(member, (loads.get(member) ?? 0) + 1)
  }
  const left = (): number[] => Array.from({ length: count }, (_, partition) => partition).filter((one) => !owners.has(one))
  const kept = new Map<GroupMember, number>()
  for (const member of members) {
    const held = left().filter((partition) => holds(member, partition))
    const some = held.slice(0, share)
    for (const partition of some) own(partition, member)
    kept.set(member, some.length)
  }
  for (const member of members) {
    for (const partition of left().slice(0, share - (kept.get(member) ?? 0))) own(partition, member)
  }
  for (const partition of left()) {
    const least = Math.min(...members.map((member) => loads.get(member) ?? 0))
    const lightest = members.filter((member) => (loads.get(member) ?? 0) === least)
    const next = lightest.find((member) => holds(member, partition)) ?? lightest[0]
    if (next !== undefined) own(partition, next)
  }
  return owners
}

function inOrder(counts: PartitionCounts): [string, number][] {
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1))
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
