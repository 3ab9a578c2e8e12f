import fc from 'fast-check'
import { expect, test } from 'vitest'
import { assignPartitions, subscribedCounts } from './assignment.ts'

const members = (count: number, topics: string[]) => Array.from({ length: count }, (_, i) => ({ id: `m${i}`, topics, held: [] }))

const placeOf = ({ topic, partition }: { topic: string; partition: number }) => `${topic}/${partition}`

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

const shapes = fc.record({
  kind: fc.constantFrom('spread' as const, 'aligned' as const),
  partitions: fc.integer({ min: 1, max: 12 }),
  topics: fc.integer({ min: 1, max: 3 }),
  sizes: fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 2, maxLength: 6 }),
})

test('over any comings and goings every partition has one owner, loads stay even, and who stays keeps its even share of what it held', () => {
  fc.assert(
    fc.property(shapes, ({ kind, partitions, topics, sizes }) => {
      const names = Array.from({ length: topics }, (_, i) => `t${i}`)
      const counts = new Map(names.map((name) => [name, partitions]))
      let before = new Map<string, { topic: string; partition: number }[]>()
      for (const size of sizes) {
        const group = members(size, names).map((member) => ({ ...member, held: before.get(member.id) ?? [] }))
        const after = assignPartitions(kind, group, counts)
        expect(new Set([...after.values()].flat().map(placeOf)).size).toBe(partitions * topics)
        for (const topic of names) {
          const of = (shares: typeof after, id: string) => (shares.get(id) ?? []).filter((at) => at.topic === topic).map(placeOf)
          const loads = group.map(({ id }) => of(after, id).length)
          if (topics === 1) expect(Math.max(...loads) - Math.min(...loads)).toBeLessThanOrEqual(1)
          expect(Math.min(...loads)).toBeGreaterThanOrEqual(Math.floor(partitions / size))
          for (const { id } of group) {
            const kept = of(after, id).filter((place) => of(before, id).includes(place))
            expect(kept.length).toBeGreaterThanOrEqual(Math.min(of(before, id).length, Math.floor(partitions / size)))
          }
        }
        before = after
      }
    }),
  )
})

test('a group that does not change is dealt the same again', () => {
  const counts = new Map([
    ['a', 5],
    ['b', 7],
  ])
  const first = assignPartitions('spread', members(3, ['a', 'b']), counts)
  const again = members(3, ['a', 'b']).map((member) => ({ ...member, held: first.get(member.id) ?? [] }))
  const sorted = (shares: typeof first) => [...shares].map(([id, share]) => [id, share.map(placeOf).sort()])
  expect(sorted(assignPartitions('spread', again, counts))).toEqual(sorted(first))
})

test('a partition that two members say they held has one owner', () => {
  const held = [{ topic: 'a', partition: 0 }]
  const liars = members(2, ['a']).map((member) => ({ ...member, held }))
  const shares = assignPartitions('spread', liars, new Map([['a', 2]]))
  expect([...shares.values()].flat().map(placeOf).sort()).toEqual(['a/0', 'a/1'])
})

test('a member gets no topic that it does not read', () => {
  const counts = new Map([
    ['a', 2],
    ['b', 2],
  ])
  const both = [
    { id: 'old', topics: ['a'], held: [] },
    { id: 'new', topics: ['a', 'b'], held: [] },
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
