import { setTimeout as sleep } from 'node:timers/promises'
import { Fault } from '@concord/contracts'
import type { Assigned, Commit, TopicPartition } from '../broker.ts'
import { partitionsByTopic } from './assigner.ts'
import type { Cluster, Coordinator, Joined, JoinRequest } from './cluster.ts'
import { brokerFault, isPassing } from './faults.ts'

/**
 * One member's dealings with its group's coordinator. Commits carry the generation under which the member joined, so that the broker itself
 * refuses those of a member that is gone; the client would send them with whatever generation is current.
 */
export class Membership {
  readonly #groupId: string
  readonly #beforeJoin: (known: boolean) => Promise<void>
  #cluster: Cluster | undefined
  #coordinator: Coordinator | undefined
  #find: (() => Promise<Coordinator>) | undefined
  #joined: Joined | undefined
  /** When the last request was sent that the group has acknowledged. */
  #acknowledged = 0

  /** @param beforeJoin is awaited before each request to join. `known` says whether the group still counted on the member until then. */
  constructor(groupId: string, beforeJoin: (known: boolean) => Promise<void>) {
    this.#groupId = groupId
    this.#beforeJoin = beforeJoin
  }

  /** Watches the joins that go through this cluster: the client looks for the coordinator before each, and asks it to join. */
  attach(cluster: Cluster): void {
    const original = cluster.findGroupCoordinator.bind(cluster)
    this.#cluster = cluster
    this.#find = () => original({ groupId: this.#groupId })
    cluster.findGroupCoordinator = async (request) => {
      const found = await original(request)
      if (request.groupId !== this.#groupId) return found
      this.#coordinator = found
      return this.#watched(found)
    }
  }

  /** Who the member is, once the group has answered a join; undefined from the next request to join on. */
  joined(): Joined | undefined {
    return this.#joined
  }

  /** Milliseconds since the epoch; 0 while the member joins. The answer may be read long after it was given, so the question counts. */
  acknowledgedAt(): number {
    return this.#joined === undefined ? 0 : this.#acknowledged
  }

  async commit(commits: readonly Commit[]): Promise<void> {
    if (this.#joined === undefined) throw new Fault('fenced', 'the member is joining the group anew.')
    const { memberId, generationId } = this.#joined
    const topics = [...Map.groupBy(commits, (commit) => commit.topic)].map(([topic, ofTopic]) => ({
      topic,
      partitions: ofTopic.map(({ partition, offset, metadata = '' }) => ({ partition, offset: `${offset}`, metadata })),
    }))
    const request = { groupId: this.#groupId, memberId, groupGenerationId: generationId, topics }
    await this.#ask('offsets cannot be committed', (coordinator) => this.#noting(() => coordinator.offsetCommit(request)))
  }

  /** What the group committed for these partitions, and where to start reading. */
  async positions(partitions: readonly TopicPartition[]): Promise<Position[]> {
    if (partitions.length === 0) return []
    const request = { groupId: this.#groupId, topics: requestsByTopic(partitions) }
    const { responses } = await this.#ask('committed offsets cannot be read', (coordinator) => coordinator.offsetFetch(request))
    const found = responses.flatMap(({ topic, partitions }) => partitions.map((one) => readCommitted(topic, one)))
    const earliest = await this.#earliest(found.filter(({ committed }) => committed === null))
    return found.map((at) => ({ ...at, start: at.committed?.offset ?? earliest.get(placeOf(at)) ?? 0 }))
  }

  async #earliest(partitions: readonly TopicPartition[]): Promise<Map<string, number>> {
    if (this.#cluster === undefined || partitions.length === 0) return new Map()
    const wanted = requestsByTopic(partitions).map((one) => ({ ...one, fromBeginning: true }))
    const found = await this.#cluster.fetchTopicsOffset(wanted)
    return new Map(
      found.flatMap(({ topic, partitions }) =>
        partitions.map(({ partition, offset }) => [placeOf({ topic, partition }), Number(offset)] as const),
      ),
    )
  }

  #watched(coordinator: Coordinator): Coordinator {
    return new Proxy(coordinator, {
      get: (target, name) => {
        if (name === 'joinGroup') return (request: JoinRequest) => this.#join(target, request)
        if (name === 'syncGroup') return (request: unknown) => this.#noting(() => target.syncGroup(request))
        if (name === 'heartbeat') return (request: unknown) => this.#noting(() => target.heartbeat(request))
        const value: unknown = Reflect.get(target, name)
        return typeof value === 'function' ? (value.bind(target) as unknown) : value
      },
    })
  }

  async #join(coordinator: Coordinator, request: JoinRequest): Promise<Joined> {
    await this.#beforeJoin(request.memberId !== '')
    this.#joined = undefined
    const joined = await coordinator.joinGroup(request)
    this.#joined = joined
    return joined
  }

  async #noting<T>(ask: () => Promise<T>): Promise<T> {
    const sentAt = Date.now()
    const answer = await ask()
    this.#acknowledged = Math.max(this.#acknowledged, sentAt)
    return answer
  }

  /** Asks the coordinator, and once more the new one when it has moved or is loading. */
  async #ask<T>(doing: string, question: (coordinator: Coordinator) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        if (this.#find === undefined)
          throw new Fault('broker_unavailable', 'the consumer has not connected.', { retryable: true })
        if (!this.#coordinator?.isConnected()) this.#coordinator = await this.#find()
        return await question(this.#coordinator)
      } catch (error) {
        if (!isPassing(error) || attempt === 3) throw brokerFault(error, doing)
        this.#coordinator = undefined
        await sleep(100 * attempt)
      }
    }
  }
}

/** Where a partition stands in the group, and in the log. */
export interface Position extends TopicPartition {
  committed: Assigned['committed']
  /** The offset to read first. */
  start: number
}

const placeOf = ({ topic, partition }: TopicPartition): string => `${topic}/${partition}`

function requestsByTopic(partitions: readonly TopicPartition[]): { topic: string; partitions: { partition: number }[] }[] {
  return Object.entries(partitionsByTopic(partitions)).map(([topic, numbers]) => ({
    topic,
    partitions: numbers.map((partition) => ({ partition })),
  }))
}

function readCommitted(topic: string, found: { partition: number; offset: string; metadata: string | null }) {
  const offset = Number(found.offset)
  return { topic, partition: found.partition, committed: offset < 0 ? null : { offset, metadata: found.metadata ?? '' } }
}
