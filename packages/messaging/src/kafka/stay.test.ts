import fc from 'fast-check'
import { expect, test } from 'vitest'
import { keptPositions, type Stay } from './stay.ts'

const at = (partition: number) => ({ topic: 'topic', partition })
const stay = (memberId: string, generationId: number, ...numbers: number[]): Stay => ({
  joined: { memberId, generationId },
  partitions: numbers.map(at),
  announced: true,
})
const left = (before: Stay, offset = 7) => ({
  stay: before,
  positions: new Map(before.partitions.map(({ topic, partition }) => [`${topic}/${partition}`, offset])),
})

test('what the same member had in the last generation goes on where it stood', () => {
  const positions = keptPositions(left(stay('me', 4, 0, 1)), stay('me', 5, 1, 2))
  expect([...positions]).toEqual([['topic/1', 7]])
})

test('a member that joins again while its group is at rest keeps all', () => {
  expect(keptPositions(left(stay('me', 4, 0, 1)), stay('me', 4, 0, 1)).size).toBe(2)
})

test.for([
  ['a generation was missed', left(stay('me', 4, 0)), stay('me', 6, 0)],
  ['the group knows the member under a new name', left(stay('me', 4, 0)), stay('again', 5, 0)],
  ['nothing was given up in good order', undefined, stay('me', 5, 0)],
] as const)('nothing is kept when %s', ([, interlude, now]) => {
  expect(keptPositions(interlude, now).size).toBe(0)
})

test('in any history of a group, what a member keeps was nobody else’s since', () => {
  const members = ['a', 'b', 'c']
  /** For each generation: who gets each of three partitions, and who takes part and hears of it. */
  const generation = fc.record({
    owners: fc.array(fc.constantFrom(...members), { minLength: 3, maxLength: 3 }),
    hears: fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
  })
  fc.assert(
    fc.property(fc.array(generation, { minLength: 2, maxLength: 12 }), (history) => {
      const last = new Map<string, Stay>()
      for (const [id, { owners, hears }] of history.entries()) {
        for (const [index, member] of members.entries()) {
          if (!hears[index]) continue
          const now = stay(member, id, ...[0, 1, 2].filter((partition) => owners[partition] === member))
          const before = last.get(member)
          for (const place of keptPositions(before && left(before), now).keys()) {
            const partition = Number(place.split('/')[1])
            const since = history.slice(before?.joined?.generationId ?? 0, id + 1).map((one) => one.owners[partition])
            expect(new Set(since)).toEqual(new Set([member]))
          }
          last.set(member, now)
        }
      }
    }),
  )
})
