import { eventually } from '@concord/testing'
import { expect, test } from 'vitest'
import type { Cluster, Coordinator, JoinRequest } from './cluster.ts'
import { Membership } from './membership.ts'

/** A coordinator that numbers the generations, and a client that joins as kafkajs does. */
function scene(
  beforeJoin: (known: boolean) => Promise<void> = async () => {},
  heartbeat: () => Promise<unknown> = async () => ({}),
) {
  const requests: { groupGenerationId: number; memberId: string }[] = []
  const answers: (Error | undefined)[] = []
  let generationId = 0
  let found = 0
  const coordinator: Coordinator = {
    isConnected: () => true,
    syncGroup: async () => ({}),
    heartbeat: () => heartbeat(),
    joinGroup: async ({ memberId }) => ({ memberId: memberId || 'member', generationId: ++generationId }),
    async offsetCommit(request) {
      requests.push(request)
      const answer = answers.shift()
      if (answer !== undefined) throw answer
    },
    async offsetFetch({ topics }) {
      const committed = (partition: number) => ({
        partition,
        offset: partition === 0 ? '7' : '-1',
        metadata: partition === 0 ? 'note' : null,
      })
      return {
        responses: topics.map(({ topic, partitions }) => ({
          topic,
          partitions: partitions.map((one) => committed(one.partition)),
        })),
      }
    },
  }
  const cluster: Cluster = {
    findGroupCoordinator: async () => (found++, coordinator),
    addMultipleTargetTopics: async () => {},
    findTopicPartitionMetadata: () => [],
    findBroker: () => Promise.reject(new Error('nothing is fetched')),
    refreshMetadata: async () => {},
    fetchTopicsOffset: async (topics) =>
      topics.map(({ topic, partitions }) => ({
        topic,
        partitions: partitions.map(({ partition }) => ({ partition, offset: '3' })),
      })),
  }
  const membership = new Membership('group', beforeJoin)
  membership.attach(cluster)
  const seen = () => cluster.findGroupCoordinator({ groupId: 'group' })
  const join = async (memberId: string) => {
    const request: JoinRequest = { groupId: 'group', memberId }
    return (await seen()).joinGroup(request)
  }
  return { membership, join, coordinator: seen, requests, answers, found: () => found }
}

const commits = [{ topic: 'topic', partition: 0, offset: 1 }]
const protocolError = (type: string) => Object.assign(new Error(type), { type })

test('a commit carries the generation of the last join, also while the next one waits for the owner to drain', async () => {
  const scenery = scene(async () => {
    if (scenery.requests.length > 0) await scenery.membership.commit(commits)
  })
  const { membership, join, requests } = scenery
  await join('')
  await membership.commit(commits)
  await join('member')
  await membership.commit(commits)
  expect(requests.map(({ groupGenerationId, memberId }) => [groupGenerationId, memberId])).toEqual([
    [1, 'member'],
    [1, 'member'],
    [2, 'member'],
  ])
})

test('a member that the group has forgotten joins as unknown', async () => {
  const known: boolean[] = []
  const { join } = scene(async (value) => void known.push(value))
  await join('')
  await join('member')
  await join('')
  expect(known).toEqual([false, true, false])
})

test('a commit before the first join is fenced', async () => {
  await expect(scene().membership.commit(commits)).rejects.toMatchObject({ code: 'fenced' })
})

test('a commit of a generation that is over is fenced, and not tried again', async () => {
  const { membership, join, answers, requests } = scene()
  await join('')
  answers.push(protocolError('ILLEGAL_GENERATION'))
  await expect(membership.commit(commits)).rejects.toMatchObject({ code: 'fenced' })
  expect(requests).toHaveLength(1)
})

test('a coordinator that has moved is looked for, and the commit made there', async () => {
  const { membership, join, answers, requests, found } = scene()
  await join('')
  answers.push(protocolError('NOT_COORDINATOR_FOR_GROUP'))
  await membership.commit(commits)
  expect(requests).toHaveLength(2)
  expect(found()).toBe(2)
})

test('reading starts at the commit, or at what the log still has', async () => {
  const { membership, join } = scene()
  await join('')
  const partitions = [0, 1].map((partition) => ({ topic: 'topic', partition }))
  expect(await membership.positions(partitions)).toEqual([
    { topic: 'topic', partition: 0, committed: { offset: 7, metadata: 'note' }, start: 7 },
    { topic: 'topic', partition: 1, committed: null, start: 3 },
  ])
})

test('the group acknowledges what was asked when it was asked, however late the answer is read', async () => {
  const gate = Promise.withResolvers<unknown>()
  const { membership, join, coordinator } = scene(
    async () => {},
    () => gate.promise,
  )
  expect(membership.acknowledgedAt()).toBe(0)
  await join('')
  const beating = (await coordinator()).heartbeat({})
  const asked = Date.now()
  await eventually(() => expect(Date.now()).toBeGreaterThan(asked + 20))
  gate.resolve({})
  await beating
  expect(membership.acknowledgedAt()).toBeGreaterThanOrEqual(asked - 5)
  expect(membership.acknowledgedAt()).toBeLessThanOrEqual(asked)
})

test('a heartbeat that the group refuses acknowledges nothing', async () => {
  const { membership, join, coordinator } = scene(
    async () => {},
    () => Promise.reject(protocolError('UNKNOWN_MEMBER_ID')),
  )
  await join('')
  await expect((await coordinator()).heartbeat({})).rejects.toThrow('UNKNOWN_MEMBER_ID')
  expect(membership.acknowledgedAt()).toBe(0)
})

test('a commit and the answer to a join are acknowledgements too, and a member that joins anew has none', async () => {
  let during = -1
  const scenery = scene(async (known) => void (known && (during = scenery.membership.acknowledgedAt())))
  const { membership, join, coordinator } = scenery
  await join('')
  await (await coordinator()).syncGroup({})
  const first = membership.acknowledgedAt()
  expect(first).toBeGreaterThan(0)
  await membership.commit(commits)
  expect(membership.acknowledgedAt()).toBeGreaterThanOrEqual(first)
  await join('member')
  expect(during).toBeGreaterThan(0)
})
