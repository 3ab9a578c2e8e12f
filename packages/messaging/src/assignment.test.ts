import fc from 'fast-check'
import { expect, test } from 'vitest'
import { assignPartitions, subscribedCounts } from './assignment.ts'

const members = (count: number, topics: string[]) => Array.from({ length: count }, (_, i) => ({ id: `m${i}`, topics }))

test('every partition has one owner, and loads differ by one at most', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 8 }), fc.array(fc.nat(12), { minLength: 1, maxLength: 4 }), (size, partitions) => {
      const counts = new Map(partitions.map((count, i) => [`t${i}`, count]))
      const shares = [...assignPartitions('spread', members(size, [...counts.keys()]), counts).values()]
      const places = shares.flat().map(({ topic, partition }) => `${topic}/${partition}`)
      expect(new Set(places).size).toBe(places.length)
      expect(places).toHaveLength(partitions.reduce((sum, count) => sum + count, 0))
      const loads = shares.map((share) => share.length)
      expect(Math.max(...loads) - Math.min(...loads)).toBeLessThanOrEqual(1)
    }),
  )
})

test('a member gets no topic that it does not read', () => {
  const counts = new Map([
    ['a', 2],
    ['b', 2],
  ])
  const both = [
    { id: 'old', topics: ['a'] },
    { id: 'new', topics: ['a', 'b'] },
  ]
  const assigned = assignPartitions('spread', both, counts)
  expect(assigned.get('old')?.every(({ topic }) => topic === 'a')).toBe(true)
  expect(assigned.get('new')?.filter(({ topic }) => topic === 'b')).toHaveLength(2)
})

test('aligned members hold the same partitions of every topic', () => {
  const counts = new Map([
    ['a', 5],
    ['b', 5],
  ])
  for (const share of assignPartitions('aligned', members(2, ['a', 'b']), counts).values()) {
    const of = (topic: string) => share.filter((at) => at.topic === topic).map(({ partition }) => partition)
    expect(of('a')).toEqual(of('b'))
  }
})

test('an unknown topic and unequal counts are named', () => {
  const known = new Map([
    ['a', 2],
    ['b', 3],
  ])
  expect(() => subscribedCounts({ topics: ['a', 'c'], assignment: 'spread' }, known)).toThrow('the topic c does not exist')
  expect(() => subscribedCounts({ topics: ['a', 'b'], assignment: 'aligned' }, known)).toThrow('a (2), b (3)')
})
