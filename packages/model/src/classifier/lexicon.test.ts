import fc from 'fast-check'
import { expect, test } from 'vitest'
import { featuresOf } from './features.ts'
import { learnLexicon } from './lexicon.ts'

const learn = (...texts: string[]) => learnLexicon(texts.map(featuresOf))
const lengthOf = ({ values }: { values: Float32Array }) => Math.hypot(...values)

test('a text of known words is a vector of length 1, all of it known', () => {
  const vector = learn('red bread', 'blue cake').vector(featuresOf('red cake red'))
  expect(lengthOf(vector)).toBeCloseTo(1, 5)
  expect(vector.known).toBeGreaterThan(0.5)
  expect(learn('red bread').vector(featuresOf('red bread')).known).toBeCloseTo(1, 5)
})

test('a text without a known word has length 0', () => {
  const vector = learn('bread').vector(featuresOf('我的订单'))
  expect([lengthOf(vector), vector.known, vector.at.length]).toEqual([0, 0, 0])
})

test('a rare word weighs more than a common one', () => {
  const { features, weights } = learn('the cake', 'the bread', 'the rolls')
  const weightOf = (word: string) => {
    const places = [...featuresOf(word).words.keys()].map((feature) => features.indexOf(feature)).filter((place) => place >= 0)
    return Math.max(...places.map((place) => weights[place] ?? 0))
  }
  expect(weightOf('cake')).toBeGreaterThan(weightOf('the'))
})

test('a typo keeps most of a word', () => {
  const lexicon = learn('password forgotten', 'opening hours')
  expect(lexicon.vector(featuresOf('pasword')).known).toBeGreaterThan(0.4)
})

test('the order of the texts does not matter', () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { maxLength: 8 }), (texts) => {
      const one = learn(...texts)
      const other = learn(...texts.toReversed())
      expect(other.features).toEqual(one.features)
      expect(other.weights).toEqual(one.weights)
    }),
  )
})
