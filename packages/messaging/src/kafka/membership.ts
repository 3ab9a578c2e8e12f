import { setTimeout as sleep } from 'node:timers/promises'
import { Fault } from '@concord/contracts'
import type { Assigned, Commit, TopicPartition } from '../broker.ts'
import { partitionsByTopic } from './assigner.ts'
import type { Cluster, Coordinator, JoinRequest } from './cluster.ts'
import { brokerFault, isPassing } from './faults.ts'

/**
 * One member's dealings with its group's coordinator. Commits carry the generation under which the member joined, so that the broker itself
 * refuses those of a member that is gone; the client would send them with whatever generation is current.
 */
export interface Membership {
  /** Watches the joins that go through this cluster. */
  attach(cluster: Cluster): void
  commit(commits: Commit[]): Promise<void>
  /** What the group committed for these partitions, and where to start reading. */
  positions(partitions: TopicPartition[]): Promise<{ assigned: Assigned; start: number }[]>
}

/** @param beforeJoin is awaited before each request to join. `known` says whether the group still counted on the member until then. */
export function createMembership(groupId: string, beforeJoin: (known: boolean) => Promise<void>): Membership {
  let cluster: Cluster | undefined
  let coordinator: Coordinator | undefined
  let joined: { memberId: string; generationId: number } | undefined
  let find: (() => Promise<Coordinator>) | undefined

  async function join(target: Coordinator, request: JoinRequest): Promise<{ generationId: number; memberId: string }> {
    await beforeJoin(request.memberId !== '')
    joined = undefined
    const response = await target.joinGroup(request)
    joined = { memberId: response.memberId, generationId: response.generationId }
    return response
  }

  /** Asks the coordinator, and once more the new one when it has moved or is loading. */
  async function ask<T>(doing: string, question: (coordinator: Coordinator) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        if (find === undefined) throw new Fault('broker_unavailable', 'the consumer has not connected.', { retryable: true })
        if (!coordinator?.isConnected()) coordinator = await find()
        return await question(coordinator)
      } catch (error) {
        if (!isPassing(error) || attempt === 3) throw brokerFault(error, doing)
        coordinator = undefined
        await sleep(100 * attempt)
      }
    }
  }

  async function starts(partitions: TopicPartition[]): Promise<Map<string, number>> {
    if (cluster === undefined || partitions.length === 0) return new Map()
    const wanted = requestsByTopic(partitions).map((one) => ({ ...one, fromBeginning: true }))
    const found = await cluster.fetchTopicsOffset(wanted)
    return new Map(found.flatMap(({ topic, partitions }) => partitions.map((one) => [`${topic}/${one.partition}`, Number(one.offset)])))
  }

  return {
    attach(given) {
      cluster = given
      const original = given.findGroupCoordinator.bind(given)
      find = () => original({ groupId })
      given.findGroupCoordinator = async (request) => {
        const found = await original(request)
        if (request.groupId !== groupId) return found
        coordinator = found
        return new Proxy(found, {
          get(target, name) {
            if (name === 'joinGroup') return (given: JoinRequest) => join(target, given)
            const value: unknown = Reflect.get(target, name)
            return typeof value === 'function' ? value.bind(target) : value
          },
        })
      }
    },
    async commit(commits) {
      const member = joined
      if (member === undefined) throw new Fault('fenced', 'the member is joining the group anew.')
      const topics = [...Map.groupBy(commits, (commit) => commit.topic)].map(([topic, ofTopic]) => ({
        topic,
        partitions: ofTopic.map(({ partition, offset, metadata = '' }) => ({ partition, offset: `${offset}`, metadata })),
      }))
      const request = { groupId, memberId: member.memberId, groupGenerationId: member.generationId, topics }
      await ask('offsets cannot be committed', (coordinator) => coordinator.offsetCommit(request))
    },
    async positions(partitions) {
      if (partitions.length === 0) return []
      const request = { groupId, topics: requestsByTopic(partitions) }
      const { responses } = await ask('committed offsets cannot be read', (coordinator) => coordinator.offsetFetch(request))
      const found = responses.flatMap(({ topic, partitions }) => partitions.map((one) => readAssigned(topic, one)))
      const low = await starts(found.filter(({ committed }) => committed === null))
      return found.map((assigned) => ({
        assigned,
        start: assigned.committed?.offset ?? low.get(`${assigned.topic}/${assigned.partition}`) ?? 0,
      }))
    },
  }
}

function requestsByTopic(partitions: readonly TopicPartition[]): { topic: string; partitions: { partition: number }[] }[] {
  return Object.entries(partitionsByTopic(partitions)).map(([topic, numbers]) => ({
    topic,
    partitions: numbers.map((partition) => ({ partition })),
  }))
}

function readAssigned(topic: string, found: { partition: number; offset: string; metadata: string | null }): Assigned {
  const offset = Number(found.offset)
  return { topic, partition: found.partition, committed: offset < 0 ? null : { offset, metadata: found.metadata ?? '' } }
}
