/** From scores to probabilities that mean what they say. */

/** Probabilities in proportion to e^(sharpness × score); they sum to 1. */
export function probabilitiesOf(scores: Float64Array, sharpness: number): Float64Array {
  const top = scores.reduce((most, score) => Math.max(most, score), Number.NEGATIVE_INFINITY)
  const parts = scores.map((score) => Math.exp(sharpness * (score - top)))
  const sum = parts.reduce((total, part) => total + part, 0)
  return parts.map((part) => part / sum)
}

export interface Judged {
  scores: Float64Array
  /** Place of the label that is right. */
  right: number
}

/** Used where there is too little to learn from. */
export const usualSharpness = 4

/** Far from both ends of what any set of examples asked for. */
const range = { from: Math.log(0.25), to: Math.log(64) }
const golden = (Math.sqrt(5) - 1) / 2

/** The sharpness under which the right labels of texts that were not learned from are likeliest (golden-section search). */
export function learnSharpness(judged: readonly Judged[]): number {
  if (judged.length === 0) return usualSharpness
  const surprise = (logarithm: number) => surpriseAt(judged, Math.exp(logarithm))
  let { from, to } = range
  for (let n = 0; n < 24; n++) {
    const width = golden * (to - from)
    if (surprise(to - width) < surprise(from + width)) to = from + width
    else from = to - width
  }
  return Math.exp((from + to) / 2)
}

function surpriseAt(judged: readonly Judged[], sharpness: number): number {
  return judged.reduce((sum, { scores, right }) => {
    const probability = probabilitiesOf(scores, sharpness)[right] ?? 0
    return sum - Math.log(Math.max(probability, 1e-12))
  }, 0)
}
