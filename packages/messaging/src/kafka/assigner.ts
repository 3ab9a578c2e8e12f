import { AssignerProtocol, type Assigner, type PartitionAssigner } from 'kafkajs'
import { assignPartitions } from '../assignment.ts'
import type { ConsumerOptions, TopicPartition } from '../broker.ts'
import type { Cluster } from './cluster.ts'

/**
 * An assigner of ours. Its factory is also the one door to the consumer's private cluster.
 *
 * @param held what the member held last, for the leader to leave there where it can
 */
export function createAssigner(
  kind: ConsumerOptions['assignment'],
  onCluster: (cluster: Cluster) => void,
  held: () => readonly TopicPartition[] = () => [],
): PartitionAssigner {
  return (context): Assigner => {
    const cluster = context.cluster as unknown as Cluster
    const name = `concord-${kind}`
    onCluster(cluster)
    return {
      name,
      version: 0,
      protocol: ({ topics }) => ({
        name,
        metadata: AssignerProtocol.MemberMetadata.encode({ version: 0, topics, userData: encodePartitions(held()) }),
      }),
      async assign({ members }) {
        const known = members
          .map(({ memberId, memberMetadata }) => ({ id: memberId, ...readMetadata(memberMetadata) }))
          .sort((a, b) => (a.id < b.id ? -1 : 1))
        const topics = [...new Set(known.flatMap((member) => member.topics))]
        await cluster.addMultipleTargetTopics(topics)
        const counts = new Map(topics.map((topic) => [topic, cluster.findTopicPartitionMetadata(topic).length]))
        return [...assignPartitions(kind, known, counts)].map(([memberId, partitions]) => ({
          memberId,
          memberAssignment: encodePartitions(partitions),
        }))
      },
    }
  }
}

const noBytes = Buffer.alloc(0)

function encodePartitions(partitions: readonly TopicPartition[]): Buffer {
  return AssignerProtocol.MemberAssignment.encode({ version: 0, assignment: partitionsByTopic(partitions), userData: noBytes })
}

/** A member of another version may say something else there, or nothing: then it wishes for nothing. */
function readMetadata(metadata: Buffer): { topics: string[]; held: TopicPartition[] } {
  const decoded = AssignerProtocol.MemberMetadata.decode(metadata)
  return { topics: decoded?.topics ?? [], held: readHeld(decoded?.userData ?? noBytes) }
}

function readHeld(bytes: Buffer): TopicPartition[] {
  try {
    const { assignment = {} } = AssignerProtocol.MemberAssignment.decode(bytes) ?? {}
    return Object.entries(assignment).flatMap(([topic, numbers]) => numbers.map((partition) => ({ topic, partition })))
  } catch {
    return []
  }
}

export function partitionsByTopic(partitions: readonly TopicPartition[]): Record<string, number[]> {
  const byTopic: Record<string, number[]> = {}
  for (const { topic, partition } of partitions) (byTopic[topic] ??= []).push(partition)
  return byTopic
}
