import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { seededRandom } from './seeded.ts'
import { anyText, bakeryExamples, processorMs } from './testing.ts'
import { trainClassifier } from './train.ts'

const bakery = trainClassifier(bakeryExamples)
const firstOf = (text: string) => bakery.classify(text).ranked[0].label

test.each([
  ['pls cancle order 9921', 'cancel'],
  ['WHEN ARE YOU OPEN ON MONDAY?', 'hours'],
  ['does the bread contain milk', 'allergens'],
  ['I want to apply as a baker', 'jobs'],
  ['order three cakes for tomorrow', 'order'],
])('%j is understood', (text, label) => {
  expect(firstOf(text)).toBe(label)
})

test.each(['', '   ', '😀😀😀', '我的订单在哪里', 'где мой заказ', '\u0000\uD800', '()[]{}'])('%j is out of scope', (text) => {
  const { inScope, confident } = bakery.classify(text)
  expect(inScope).toBe(0)
  expect(confident).toBe(false)
})

test('a text of another trade is less in scope than one of this trade', () => {
  const scopeOf = (text: string) => bakery.classify(text).inScope
  expect(scopeOf('my printer shows a paper jam')).toBeLessThan(scopeOf('are there nuts in the rolls'))
})

test('whatever arrives, every label gets a probability and they sum to 1', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const { ranked, inScope, confidence } = bakery.classify(text)
      expect(ranked.map(({ label }) => label).toSorted()).toEqual(bakery.labels)
      expect(ranked.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 9)
      expect(ranked.every(({ probability }, n) => probability <= (ranked[n - 1]?.probability ?? 1))).toBe(true)
      expect(inScope).toBeGreaterThanOrEqual(0)
      expect(confidence).toBeLessThanOrEqual(inScope)
    }),
    { numRuns: 40 },
  )
})

test.each([
  ['one letter', 'a'.repeat(200_000)],
  ['digits', '1'.repeat(200_000)],
  ['digits and dashes', '1-'.repeat(100_000)],
  ['open slots', '{{'.repeat(100_000)],
  ['almost addresses', 'a@'.repeat(100_000)],
  ['dots after an at sign', `a@${'a.'.repeat(100_000)}`],
  ['ligatures that grow', 'ﷺ'.repeat(200_000)],
  ['words', 'cancel my order '.repeat(12_500)],
])('200 kB of %s are classified in bounded time', (_, text) => {
  expect(processorMs(() => bakery.classify(text))).toBeLessThan(1_000)
})

describe('learning', () => {
  test('gives the same classifier for the same examples, in whatever order and however often they are listed', () => {
    const again = trainClassifier([...bakeryExamples.toReversed(), ...bakeryExamples.slice(0, 7)])
    expect(JSON.stringify(again)).toBe(JSON.stringify(bakery))
  })

  test('with another order of its passes comes to almost the same', () => {
    const other = trainClassifier(bakeryExamples, { random: seededRandom(99) })
    for (const { text } of bakeryExamples) {
      const [one, another] = [bakery, other].map((classifier) => classifier.classify(text).ranked[0])
      expect(another?.label).toBe(one?.label)
      expect(Math.abs((another?.probability ?? 0) - (one?.probability ?? 0))).toBeLessThan(0.05)
    }
  })

  test('names what it was taught by a hash that changes with an example, a label and an option', () => {
    const hashes = [
      trainClassifier(bakeryExamples.slice(1)),
      trainClassifier(bakeryExamples.map((one, n) => (n === 0 ? { ...one, label: 'jobs' } : one))),
      trainClassifier(bakeryExamples, { precision: 0.9 }),
      bakery,
    ].map(({ trainedOn }) => trainedOn)
    expect(new Set(hashes).size).toBe(4)
  })

  test('is more often sure when less precision is wanted', () => {
    const share = (precision: number) => trainClassifier(bakeryExamples, { precision }).heldOut.threshold.share
    expect(share(0.5)).toBeGreaterThan(share(0.95))
  })

  test('from one label knows that label', () => {
    const one = trainClassifier([{ text: 'cancel my order', label: 'cancel' }])
    expect(one.classify('cancel my order').ranked).toEqual([{ label: 'cancel', probability: 1 }])
    expect(one.classify('我').inScope).toBe(0)
    expect(one.classify('cancel my order').confident).toBe(false)
  })

  test('from two labels with one example each tells them apart', () => {
    const two = trainClassifier([
      { text: 'cancel it', label: 'cancel' },
      { text: 'opening hours', label: 'hours' },
    ])
    expect(two.classify('hours').ranked[0].label).toBe('hours')
  })

  test('from the same words under two labels holds both for possible', () => {
    const torn = trainClassifier([...bakeryExamples, { text: 'are you hiring bakers', label: 'order' }])
    expect(torn.classify('are you hiring bakers').ranked[0].probability).toBeLessThan(0.95)
  })

  test('skips examples without a word', () => {
    expect(trainClassifier([...bakeryExamples, { text: '?!', label: 'noise' }]).labels).toEqual(bakery.labels)
  })

  test.each([
    ['no example', []],
    ['only examples without a word', [{ text: '…', label: 'a' }]],
    ['an empty label', [{ text: 'cancel', label: '' }]],
  ])('refuses %s', (_, examples) => {
    expect(() => trainClassifier(examples)).toThrow(/^invalid_input: /)
  })
})
