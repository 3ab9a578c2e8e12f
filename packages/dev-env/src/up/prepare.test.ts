import { topics } from '@concord/contracts'
import { expect, test } from 'vitest'
import { wantedTopics } from './prepare.ts'

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
