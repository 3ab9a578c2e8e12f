/** What this adapter needs of kafkajs 2.2.4 beyond its documented surface. The version is pinned, and the contract suite covers every use. */
export interface Cluster {
  findGroupCoordinator(request: { groupId: string }): Promise<Coordinator>
  addMultipleTargetTopics(topics: string[]): Promise<void>
  findTopicPartitionMetadata(topic: string): { partitionId: number }[]
  fetchTopicsOffset(
    topics: { topic: string; fromBeginning: boolean; partitions: { partition: number }[] }[],
  ): Promise<{ topic: string; partitions: { partition: number; offset: string }[] }[]>
}

export interface JoinRequest {
  groupId: string
  /** Empty for a member that the group does not know, or knows no more. */
  memberId: string
}

export interface Joined {
  memberId: string
  generationId: number
}

export interface Coordinator {
  isConnected(): boolean
  joinGroup(request: JoinRequest): Promise<Joined>
  offsetCommit(request: {
    groupId: string
    memberId: string
    groupGenerationId: number
    topics: { topic: string; partitions: { partition: number; offset: string; metadata: string }[] }[]
  }): Promise<unknown>
  offsetFetch(request: { groupId: string; topics: { topic: string; partitions: { partition: number }[] }[] }): Promise<{
    responses: { topic: string; partitions: { partition: number; offset: string; metadata: string | null }[] }[]
  }>
}
