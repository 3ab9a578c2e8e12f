/** What is learned from examples before anything is calibrated, and what it sees in a text. */
import type { FeatureCounts } from './features.ts'
import { learnLexicon, type Lexicon } from './lexicon.ts'
import { learnCentres, learnScorer, scoresOf, type Scorer } from './linear.ts'
import type { LinearOptions } from './separate.ts'

export interface Fitted {
  lexicon: Lexicon
  separators: Scorer
  centres: Scorer
}

/** `labelOf` holds 0 … labels - 1; a label without an example is never the best. */
export function fit(texts: readonly FeatureCounts[], labelOf: Int32Array, labels: number, options: LinearOptions): Fitted {
  const lexicon = learnLexicon(texts)
  const vectors = texts.map(lexicon.vector)
  const size = { labels, features: lexicon.size }
  return {
    lexicon,
    separators: learnScorer(vectors, labelOf, size, options),
    centres: learnCentres(vectors, labelOf, size),
  }
}

/** What a text looks like to one that has learned. */
export interface Sight {
  /** How far on each label's side the text lies; 1 is where an example lies that was learned well. */
  scores: Float64Array
  /** What tells whether it belongs to any label: each rises with the likeness to the examples. */
  signs: Signs
}

/** Best score, cosine to the nearest centre times the root of the known share, and that root. */
export type Signs = readonly [score: number, nearness: number, known: number]

export function look({ lexicon, separators, centres }: Fitted, text: FeatureCounts): Sight {
  const vector = lexicon.vector(text)
  const scores = scoresOf(separators, vector)
  const known = Math.sqrt(vector.known)
  return { scores, signs: [greatest(scores), greatest(scoresOf(centres, vector)) * known, known] }
}

function greatest(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY)
}
