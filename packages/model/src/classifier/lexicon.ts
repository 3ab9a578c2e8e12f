/** Which features are known and how much each weighs: rare ones more. */
import type { FeatureCounts } from './features.ts'

/** A text as weighted features. Length 1, or 0 for a text without any known feature. */
export interface SparseVector {
  /** Places in the lexicon, without order. */
  at: Int32Array
  values: Float32Array
  /** How much of the weight of the text's features is known, 0 to 1. */
  known: number
}

export interface Lexicon {
  readonly size: number
  vector(counts: FeatureCounts): SparseVector
  /** Hashes in ascending order, and the inverse document frequency of each. */
  readonly features: Uint32Array
  readonly weights: Float32Array
  /** Weight of a feature that no text had. */
  readonly unknownWeight: number
}

/** Learns from texts what is common. The result does not depend on their order. */
export function learnLexicon(texts: readonly FeatureCounts[]): Lexicon {
  const seen = new Map<number, number>()
  for (const { words, runs } of texts) {
    for (const counts of [words, runs]) for (const feature of counts.keys()) seen.set(feature, (seen.get(feature) ?? 0) + 1)
  }
  const features = Uint32Array.from(seen.keys()).toSorted()
  const weights = Float32Array.from(features, (feature) => rarity(texts.length, seen.get(feature) ?? 0))
  return createLexicon(features, weights, rarity(texts.length, 0))
}

/** Smoothed as if one more text held every feature. */
function rarity(texts: number, having: number): number {
  return 1 + Math.log((1 + texts) / (1 + having))
}

export function createLexicon(features: Uint32Array, weights: Float32Array, unknownWeight: number): Lexicon {
  const places = new Map<number, number>()
  features.forEach((feature, place) => places.set(feature, place))
  return {
    size: features.length,
    features,
    weights,
    unknownWeight,
    vector: (counts) => weigh(counts, places, weights, unknownWeight),
  }
}

/** Share of a text's squared length that is runs of characters: they survive typos and endings, and carry more than words. */
const runsShare = 0.8

/** Words and runs are scaled apart before they are joined, so that neither drowns the other however many there are. */
function weigh(
  { words, runs }: FeatureCounts,
  places: ReadonlyMap<number, number>,
  weights: Float32Array,
  unknownWeight: number,
): SparseVector {
  const at: number[] = []
  const values: number[] = []
  let known = 0
  for (const [counts, share] of [
    [words, 1 - runsShare],
    [runs, runsShare],
  ] as const) {
    const first = at.length
    let squares = 0
    let unknownSquares = 0
    for (const [feature, count] of counts) {
      const place = places.get(feature)
      const value = (1 + Math.log(count)) * (place === undefined ? unknownWeight : (weights[place] ?? 0))
      if (place === undefined) unknownSquares += value * value
      else {
        at.push(place)
        values.push(value)
        squares += value * value
      }
    }
    const scale = squares === 0 ? 0 : Math.sqrt(share / squares)
    for (let n = first; n < values.length; n++) values[n] = (values[n] ?? 0) * scale
    known += squares === 0 ? 0 : (share * squares) / (squares + unknownSquares)
  }
  return { at: Int32Array.from(at), values: Float32Array.from(values), known }
}
