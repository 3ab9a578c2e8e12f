/** A small text classifier: softmax regression over words, word pairs and character n-grams, trained on a handful of examples a class. */
import { charGrams, stem, words } from './text.ts'

/** One class: what a text of it looks like. */
export interface ClassExamples {
  examples: readonly string[]
}

/** One number a class, in the order they were given. */
export interface Classification {
  probabilities: number[]
  /** Cosine of the text with the class's nearest example: near 0 where they share nothing. */
  similarities: number[]
}

export interface Classifier {
  classify(text: string): Classification
  /** Cosine of the text with the nearest example of each class. */
  similarities(text: string): number[]
}

/** Weight of each kind of feature; measured on customer messages with 8 to 25 examples a class. */
const weight = { word: 1, pair: 0.5, gram: 0.4 }
const epochs = 14
const rate = 3

type Vector = { ids: Int32Array; values: Float64Array }
type Posting = { example: number; value: number }

export function trainClassifier(classes: readonly ClassExamples[]): Classifier {
  const examples = classes.flatMap((item, label) => item.examples.map((text) => ({ label, counts: count(text) })))
  const vocabulary = createVocabulary(examples.map((example) => example.counts))
  const vectors = examples.map((example) => vocabulary.vector(example.counts))
  const labels = examples.map((example) => example.label)
  let fitted: Float64Array | undefined
  const postings = index(vectors, vocabulary.size)

  const nearest = (vector: Vector): number[] => {
    const cosines = new Float64Array(vectors.length)
    vector.ids.forEach((id, at) => {
      for (const posting of postings[id] ?? []) cosines[posting.example]! += posting.value * vector.values[at]!
    })
    const best = classes.map(() => 0)
    cosines.forEach((cosine, example) => (best[labels[example]!] = Math.max(best[labels[example]!]!, cosine)))
    return best
  }

  return {
    similarities: (text) => nearest(vocabulary.vector(count(text))),
    classify(text) {
      const vector = vocabulary.vector(count(text))
      const weights = (fitted ??= fit(vectors, labels, classes.length, vocabulary.size))
      return { probabilities: [...softmax(logits(vector, weights, classes.length))], similarities: nearest(vector) }
    },
  }
}

/** Weighted features of a text. Numbers are one word: which number it is says nothing about the class. */
function count(text: string): Map<string, number> {
  const counts = new Map<string, number>()
  const add = (feature: string, value: number) => counts.set(feature, (counts.get(feature) ?? 0) + value)
  const all = words(text).map((word) => (/\d/.test(word) ? '#' : word))
  const stems = all.map(stem)
  stems.forEach((word, at) => {
    add(`w${word}`, weight.word)
    if (at > 0) add(`p${stems[at - 1]} ${word}`, weight.pair)
  })
  for (const word of all) if (word !== '#') for (const gram of charGrams(word, 3, 5)) add(`g${gram}`, weight.gram)
  return counts
}

function createVocabulary(documents: readonly Map<string, number>[]) {
  const ids = new Map<string, number>()
  const frequency: number[] = []
  for (const document of documents) {
    for (const feature of document.keys()) {
      const id = ids.get(feature) ?? ids.size
      ids.set(feature, id)
      frequency[id] = (frequency[id] ?? 0) + 1
    }
  }
  const idf = (id: number | undefined) => Math.log((documents.length + 1) / ((id === undefined ? 0 : frequency[id]!) + 1)) + 1

  /** Of unit length before what no example holds is left out: strange words make a text less like everything. */
  const vector = (counts: Map<string, number>): Vector => {
    const known: [number, number][] = []
    let squares = 0
    for (const [feature, times] of counts) {
      const id = ids.get(feature)
      const value = (times < 1 ? times : 1 + Math.log(times)) * idf(id)
      squares += value * value
      if (id !== undefined) known.push([id, value])
    }
    const norm = Math.sqrt(squares) || 1
    return { ids: Int32Array.from(known, ([id]) => id), values: Float64Array.from(known, ([, value]) => value / norm) }
  }
  return { size: ids.size, vector }
}

/** Stochastic gradient descent in a fixed order, so that the same examples always give the same classifier. */
function fit(vectors: readonly Vector[], labels: readonly number[], classes: number, features: number): Float64Array {
  const weights = new Float64Array(features * classes)
  const stride = coprime(vectors.length)
  for (let epoch = 0; epoch < epochs; epoch++) {
    const step = rate / (1 + epoch * 0.1)
    for (let turn = 0; turn < vectors.length; turn++) {
      const example = (turn * stride + epoch) % vectors.length
      const vector = vectors[example]!
      const errors = softmax(logits(vector, weights, classes))
      errors[labels[example]!]! -= 1
      for (let at = 0; at < vector.ids.length; at++) {
        const base = vector.ids[at]! * classes
        const scale = step * vector.values[at]!
        for (let label = 0; label < classes; label++) weights[base + label]! -= scale * errors[label]!
      }
    }
  }
  return weights
}

/** A stride that visits all of `length` places, far apart, so that no class is learnt in one run. */
function coprime(length: number): number {
  const divides = (a: number, b: number): number => (b === 0 ? a : divides(b, a % b))
  let stride = Math.max(1, Math.floor(length * 0.618))
  while (divides(length, stride) > 1) stride++
  return stride
}

function logits(vector: Vector, weights: Float64Array, classes: number): Float64Array {
  const sums = new Float64Array(classes)
  for (let at = 0; at < vector.ids.length; at++) {
    const base = vector.ids[at]! * classes
    const value = vector.values[at]!
    for (let label = 0; label < classes; label++) sums[label]! += weights[base + label]! * value
  }
  return sums
}

function softmax(sums: Float64Array): Float64Array {
  const top = Math.max(...sums)
  const powers = sums.map((sum) => Math.exp(sum - top))
  const total = powers.reduce((sum, power) => sum + power, 0)
  return powers.map((power) => power / total)
}

function index(vectors: readonly Vector[], features: number): Posting[][] {
  const postings: Posting[][] = Array.from({ length: features }, () => [])
  vectors.forEach((vector, example) => {
    vector.ids.forEach((id, at) => postings[id]!.push({ example, value: vector.values[at]! }))
  })
  return postings
}
