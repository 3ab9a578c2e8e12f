import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createSimilarityIndex } from './similarity-index.ts'
import { anyText, bakeryExamples } from './testing.ts'

const corpus = bakeryExamples.map(({ text }) => text)
const filled = (...texts: string[]) => {
  const index = createSimilarityIndex({ corpus })
  texts.forEach((text, n) => index.add(`${n}`, text))
  return index
}
const ids = (index: ReturnType<typeof filled>, text: string, count = 10) => index.nearest(text, count).map(({ id }) => id)

test('the most similar text comes first', () => {
  const index = filled('opening hours', 'cancel my order', 'allergens in the cake')
  expect(ids(index, 'please cancel the order')[0]).toBe('1')
  expect(ids(index, 'what are the opening times')[0]).toBe('0')
})

test('a text is as similar to itself as can be, and to a foreign one not at all', () => {
  const [found] = filled('cancel my order').nearest('cancel my order', 1)
  expect(found?.similarity).toBeCloseTo(1, 6)
  expect(filled('cancel my order').nearest('我的订单', 5)).toEqual([])
  expect(filled('cancel my order').nearest('', 5)).toEqual([])
})

test('a neighbour says what else differs', () => {
  const index = filled('cancel order 5510', 'cancel an order')
  const byId = new Map(index.nearest('cancel order 5511', 5).map(({ id, difference }) => [id, difference]))
  expect(byId.get('0')).toBe('number')
  expect(filled('cancel order 5510').nearest('please cancel order 5510', 1)[0]?.difference).toBeNull()
})

test('a text that is removed is found no more, one that is added again replaces the first', () => {
  const index = filled('opening hours', 'cancel my order')
  index.add('0', 'allergens in the cake')
  expect(index.size).toBe(2)
  expect(index.nearest('opening hours', 5).filter(({ similarity }) => similarity > 0.3)).toEqual([])
  index.remove('0')
  index.remove('0')
  expect(index.size).toBe(1)
  expect(index.nearest('allergens in the cake', 5).filter(({ similarity }) => similarity > 0.3)).toEqual([])
})

test('no more are given than are wanted, equal ones by id', () => {
  const index = filled('cancel my order', 'cancel my order', 'cancel my order')
  expect(ids(index, 'cancel my order', 2)).toEqual(['0', '1'])
  expect(ids(index, 'cancel my order', 0)).toEqual([])
})

test('what was added and removed in between leaves no trace', () => {
  const texts = fc.array(fc.constantFrom(...corpus), { maxLength: 12 })
  fc.assert(
    fc.property(texts, texts, fc.constantFrom(...corpus), (kept, passing, asked) => {
      const plain = filled(...kept)
      const busy = createSimilarityIndex({ corpus })
      passing.forEach((text, n) => busy.add(`p${n}`, text))
      kept.toReversed().forEach((text, n) => busy.add(`${kept.length - 1 - n}`, text))
      passing.forEach((_, n) => busy.remove(`p${n}`))
      const [one, other] = [plain, busy].map((index) => index.nearest(asked, 20))
      expect(other?.map(({ id }) => id).toSorted()).toEqual(one?.map(({ id }) => id).toSorted())
      one?.forEach(({ similarity }, n) => expect(other?.[n]?.similarity).toBeCloseTo(similarity, 9))
    }),
    { numRuns: 20 },
  )
})

test('similarity stays from 0 to 1 for whatever text', () => {
  const index = filled(...corpus)
  fc.assert(
    fc.property(anyText, (text) => {
      for (const { similarity } of index.nearest(text, 5)) {
        expect(similarity).toBeGreaterThan(0)
        expect(similarity).toBeLessThanOrEqual(1)
      }
    }),
  )
})
