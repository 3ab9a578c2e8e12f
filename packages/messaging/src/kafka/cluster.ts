/** What this adapter needs of kafkajs 2.2.4 beyond its documented surface. The version is pinned, and the contract suite covers every use. */
export interface Cluster {
  findGroupCoordinator(request: { groupId: string }): Promise<Coordinator>
  addMultipleTargetTopics(topics: string[]): Promise<void>
  findTopicPartitionMetadata(topic: string): { partitionId: number; leader: number }[]
  findBroker(request: { nodeId: string }): Promise<FetchBroker>
  refreshMetadata(): Promise<void>
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
  syncGroup(request: unknown): Promise<unknown>
  heartbeat(request: unknown): Promise<unknown>
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

export interface FetchBroker {
  fetch(request: {
    isolationLevel: number
    maxWaitTime: number
    minBytes: number
    maxBytes: number
    topics: { topic: string; partitions: { partition: number; fetchOffset: string; maxBytes: number }[] }[]
  }): Promise<{ responses: { topicName: string; partitions: FetchedPartition[] }[] }>
}

export interface FetchedPartition {
  partition: number
  /** The offset up to which a reader of committed records may read now. */
  lastStableOffset: string
  messages: { offset: string }[]
}
