/** How sure is sure enough: chosen for a wanted precision from texts that were not learned from. */

/** One text's confidence, whether acting on it is right, and how much it counts. */
export interface Trial {
  confidence: number
  right: boolean
  weight: number
}

export interface Threshold {
  /** Smallest confidence that counts as sure; null when no threshold keeps the wanted precision. */
  least: number | null
  /** Of the trials at or above it. */
  precision: number
  /** Share of the trials' weight at or above it. */
  share: number
}

/** Below it the text is likelier to be something else than what it is taken for, however well the rest went. */
const floor = 0.5

/** The lowest threshold, of at least one half, whose trials with one more that is wrong keep the precision. */
export function chooseThreshold(trials: readonly Trial[], precision: number): Threshold {
  const sorted = trials.toSorted((a, b) => b.confidence - a.confidence)
  const all = sorted.reduce((sum, { weight }) => sum + weight, 0)
  let best: Threshold = { least: null, precision: 0, share: 0 }
  let taken = 0
  let right = 0
  sorted.forEach((trial, n) => {
    taken += trial.weight
    if (trial.right) right += trial.weight
    if (trial.confidence < floor || sorted[n + 1]?.confidence === trial.confidence) return
    if (right / (taken + 1) >= precision) best = { least: trial.confidence, precision: right / taken, share: taken / all }
  })
  return best
}
