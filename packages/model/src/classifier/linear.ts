/** One separator for each label against all others. */
import type { SparseVector } from './lexicon.ts'
import { separate, type LinearOptions } from './separate.ts'

/** One row of weights for each feature, so that what a text needs lies side by side: `weights[place * labels + label]`. */
export interface Scorer {
  labels: number
  weights: Float32Array
  /** One of each label. */
  offsets: Float32Array
}

/** `labelOf` holds 0 … labels - 1 for each vector. */
export function learnScorer(
  vectors: readonly SparseVector[],
  labelOf: Int32Array,
  { labels, features }: { labels: number; features: number },
  options: LinearOptions,
): Scorer {
  const scorer: Scorer = { labels, weights: new Float32Array(features * labels), offsets: new Float32Array(labels) }
  for (let label = 0; label < labels; label++) {
    const sides = Int8Array.from(labelOf, (one) => (one === label ? 1 : -1))
    const { weights, offset } = separate(vectors, sides, features, options)
    for (let place = 0; place < features; place++) scorer.weights[place * labels + label] = weights[place] ?? 0
    scorer.offsets[label] = offset
  }
  return scorer
}

/** Centres of the labels' examples, of length 1: the score is the cosine. */
export function learnCentres(
  vectors: readonly SparseVector[],
  labelOf: Int32Array,
  { labels, features }: { labels: number; features: number },
): Scorer {
  const weights = new Float32Array(features * labels)
  const squares = new Float64Array(labels)
  vectors.forEach(({ at, values }, n) => {
    const label = labelOf[n] ?? 0
    at.forEach((place, m) => {
      const cell = place * labels + label
      weights[cell] = (weights[cell] ?? 0) + (values[m] ?? 0)
    })
  })
  weights.forEach((weight, cell) => (squares[cell % labels] = (squares[cell % labels] ?? 0) + weight * weight))
  const scaled = weights.map((weight, cell) => (weight === 0 ? 0 : weight / Math.sqrt(squares[cell % labels] ?? 1)))
  return { labels, weights: scaled, offsets: new Float32Array(labels) }
}

/** The text's score for each label. */
export function scoresOf({ labels, weights, offsets }: Scorer, { at, values }: SparseVector): Float64Array {
  const scores = Float64Array.from(offsets)
  for (let n = 0; n < at.length; n++) {
    const row = (at[n] ?? 0) * labels
    const value = values[n] ?? 0
    for (let label = 0; label < labels; label++) scores[label] = (scores[label] ?? 0) + value * (weights[row + label] ?? 0)
  }
  return scores
}
