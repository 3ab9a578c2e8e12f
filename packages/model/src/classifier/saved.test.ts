import { expect, test } from 'vitest'
import { restoreClassifier } from './classifier.ts'
import { createLexicon } from './lexicon.ts'
import type { Learned } from './learned.ts'
import { readSaved, save } from './saved.ts'
import { bakeryExamples } from './testing.ts'
import { trainClassifier } from './train.ts'

const bakery = trainClassifier(bakeryExamples)
const saved = JSON.stringify(bakery)

test('what is restored says what the original says, of any text', () => {
  const restored = restoreClassifier(JSON.parse(saved))
  for (const text of [...bakeryExamples.map((example) => example.text), '', 'my printer is on fire', 'cancle 4711']) {
    expect(restored.classify(text)).toEqual(bakery.classify(text))
  }
  expect(restored.trainedOn).toBe(bakery.trainedOn)
  expect(restored.heldOut).toEqual(bakery.heldOut)
  expect(JSON.stringify(restored)).toBe(saved)
})

test.each([
  ['nothing', null],
  ['another format', { format: 0 }],
  ['no labels', { labels: [] }],
  ['weights that are cut short', { separators: 'AAAA' }],
  ['one label too many', { labels: [...bakery.labels, 'more'] }],
  ['no base64', { centres: '???' }],
])('%s is refused, with what to do', (_, change) => {
  const broken: unknown = change === null ? null : { ...JSON.parse(saved), ...change }
  expect(() => restoreClassifier(broken)).toThrow(/^invalid_input: this is no saved classifier.*Train it again/s)
})

test('several megabytes of weights are read', () => {
  const [labels, places] = [40, 8_000]
  const weights = Float32Array.from({ length: labels * places }, (_, n) => Math.sin(n))
  const learned: Learned = {
    labels: Array.from({ length: labels }, (_, n) => `label ${n}`),
    trainedOn: 'h',
    heldOut: { texts: 1, accuracy: 1, threshold: { least: null, precision: 0, share: 0 } },
    fitted: {
      lexicon: createLexicon(
        Uint32Array.from({ length: places }, (_, n) => n * 7),
        weights.slice(0, places),
        1,
      ),
      separators: { labels, weights, offsets: weights.slice(0, labels) },
      centres: { labels, weights, offsets: new Float32Array(labels) },
    },
    sharpness: 4,
    scope: { weights: [1, 2, 3], offset: -4 },
  }
  const text = JSON.stringify(save(learned))
  expect(text.length).toBeGreaterThan(3_000_000)
  expect(readSaved(JSON.parse(text)).fitted.separators).toEqual(learned.fitted.separators)
})
