import { expect, test } from 'vitest'
import { createChance } from './chance.ts'

const drawn = (seed: number | string, count = 1_000): number[] => {
  const chance = createChance(seed)
  return Array.from({ length: count }, () => chance.next())
}

test('the same seed draws the same numbers, another seed others', () => {
  expect(drawn(7)).toEqual(drawn(7))
  expect(drawn(7)).not.toEqual(drawn(8))
  expect(createChance(7).fork('a').next()).not.toBe(createChance(7).fork('b').next())
})

test('what a fork draws does not depend on what was drawn before', () => {
  const chance = createChance(7)
  const early = chance.fork('part').next()
  chance.next()
  expect(chance.fork('part').next()).toBe(early)
})

test('numbers are spread evenly', () => {
  for (const seed of [1, 2, 3, 1_000]) {
    const numbers = drawn(seed, 10_000)
    expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true)
    for (let tenth = 0; tenth < 10; tenth++) {
      const inTenth = numbers.filter((number) => Math.floor(number * 10) === tenth).length
      expect(inTenth).toBeGreaterThan(850)
      expect(inTenth).toBeLessThan(1_150)
    }
  }
})

test('whole numbers reach both ends', () => {
  const chance = createChance(1)
  expect(new Set(Array.from({ length: 200 }, () => chance.whole(2, 4)))).toEqual(new Set([2, 3, 4]))
})
