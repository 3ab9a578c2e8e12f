import { Fault, topics } from '@concord/contracts'
import { expect, test } from 'vitest'
import { createTopics, wantedTopics } from './prepare.ts'

const readers = [{ name: 'triage', consumes: [{ name: 'concord.requests.v1' }] }]

test('every topic of the contracts has the same number of partitions, and every reader a dead-letter topic of one', () => {
  const specs = wantedTopics(readers, ['a:9092'], 12)
  expect(specs).toHaveLength(topics.length + 1)
  expect(specs.at(-1)).toEqual({ topic: 'concord.requests.v1.triage.dlq', partitions: 1 })
  expect(new Set(specs.slice(0, -1).map(({ partitions }) => partitions))).toEqual(new Set([12]))
})

test.each([
  [['a:1'], undefined],
  [['a:1', 'b:1'], 2],
  [['a:1', 'b:1', 'c:1', 'd:1'], 3],
])('%j keeps %s copies', (brokers, replicas) => {
  for (const spec of wantedTopics(readers, brokers, 6)) expect(spec.replicas).toBe(replicas)
})

/** Brokers that know topics; the first calls meet one that has not heard of them yet. */
function brokers(deafCalls: number, type: string) {
  const known = new Map([['old', 1]])
  return {
    listTopics: async () => new Map(known),
    async createTopics(specs: { topic: string; partitions: number }[]) {
      for (const { topic, partitions } of specs) known.set(topic, partitions)
      if (deafCalls-- > 0) throw new Fault('invalid_record', 'no.', { cause: Object.assign(new Error('no'), { type }) })
      return []
    },
  }
}
const specs = ['old', 'new'].map((topic) => ({ topic, partitions: 1 }))

test('a broker that has not heard of a new topic yet is asked again', async () => {
  expect(await createTopics(brokers(2, 'UNKNOWN_TOPIC_OR_PARTITION'), specs)).toEqual(['new'])
})

test('a topic that brokers refuse is refused', async () => {
  await expect(createTopics(brokers(1, 'POLICY_VIOLATION'), specs)).rejects.toThrow('invalid_record')
})
