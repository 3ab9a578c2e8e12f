import { AssignerProtocol, type Assigner, type PartitionAssigner } from 'kafkajs'
import { assignPartitions } from '../assignment.ts'
import type { ConsumerOptions, TopicPartition } from '../broker.ts'
import type { Cluster } from './cluster.ts'

/** An assigner of ours. Its factory is also the one door to the consumer's private cluster. */
export function createAssigner(kind: ConsumerOptions['assignment'], onCluster: (cluster: Cluster) => void): PartitionAssigner {
  return (context): Assigner => {
    const cluster = context.cluster as unknown as Cluster
    const name = `concord-${kind}`
    onCluster(cluster)
    return {
      name,
      version: 0,
      protocol: ({ topics }) => ({
        name,
        metadata: AssignerProtocol.MemberMetadata.encode({ version: 0, topics, userData: noBytes }),
      }),
      async assign({ members }) {
        const known = members
          .map(({ memberId, memberMetadata }) => ({ id: memberId, topics: subscribedTopics(memberMetadata) }))
          .sort((a, b) => (a.id < b.id ? -1 : 1))
        const topics = [...new Set(known.flatMap((member) => member.topics))]
        await cluster.addMultipleTargetTopics(topics)
        const counts = new Map(topics.map((topic) => [topic, cluster.findTopicPartitionMetadata(topic).length]))
        return [...assignPartitions(kind, known, counts)].map(([memberId, partitions]) => ({
          memberId,
          memberAssignment: AssignerProtocol.MemberAssignment.encode({
            version: 0,
            assignment: partitionsByTopic(partitions),
            userData: noBytes,
          }),
        }))
      },
    }
  }
}

const noBytes = Buffer.alloc(0)

function subscribedTopics(metadata: Buffer): string[] {
  return AssignerProtocol.MemberMetadata.decode(metadata)?.topics ?? []
}

export function partitionsByTopic(partitions: readonly TopicPartition[]): Record<string, number[]> {
  const byTopic: Record<string, number[]> = {}
  for (const { topic, partition } of partitions) (byTopic[topic] ??= []).push(partition)
  return byTopic
}
