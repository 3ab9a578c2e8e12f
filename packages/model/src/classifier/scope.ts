/** Whether a text belongs to any of the labels at all. */
import type { Signs } from './fit.ts'

/** Weights of the signs, none negative: looking more like the examples never speaks against being in scope. */
export interface Scope {
  weights: [number, number, number]
  offset: number
}

/** Used where there are too few labels to leave some out; near to what sets of 20 to 40 labels teach. */
export const usualScope: Scope = { weights: [3, 9, 3], offset: -6 }

/** Probability that the text is in scope if half of all texts were. */
export function inScope({ weights, offset }: Scope, [score, nearness, known]: Signs): number {
  return 1 / (1 + Math.exp(-(weights[0] * score + weights[1] * nearness + weights[2] * known + offset)))
}

const steps = 3_000
/** Below what the steepest loss of signs up to 1.3 allows. */
const pace = 0.8
/** Texts of a side that are enough for four numbers. */
const enough = 400
/** Holds the weights down where the two sides part without error. */
const ridge = 1e-4

/** Logistic regression by gradient descent; each side counts as much as the other, whatever its number. */
export function learnScope(inside: readonly Signs[], outside: readonly Signs[]): Scope {
  if (inside.length === 0 || outside.length === 0) return usualScope
  const sides = { inside: some(inside), outside: some(outside) }
  let found = usualScope
  for (let step = 0; step < steps; step++) {
    const pulls = [pull(found, sides.inside, 1), pull(found, sides.outside, 0)] as const
    const moved = (n: 0 | 1 | 2) =>
      Math.max(0, found.weights[n] * (1 - ridge * pace) - pace * (pulls[0].weights[n] + pulls[1].weights[n]))
    found = { weights: [moved(0), moved(1), moved(2)], offset: found.offset - pace * (pulls[0].offset + pulls[1].offset) }
  }
  return found
}

/** Evenly from first to last. */
function some(side: readonly Signs[]): readonly Signs[] {
  const stride = Math.max(1, side.length / enough)
  return side.filter((_, n) => Math.floor(n / stride) !== Math.floor((n - 1) / stride))
}

/** Gradient of the loss over one side. */
function pull(scope: Scope, side: readonly Signs[], truth: 0 | 1): Scope {
  const sum: Scope = { weights: [0, 0, 0], offset: 0 }
  for (const signs of side) {
    const error = (inScope(scope, signs) - truth) / side.length
    sum.weights[0] += error * signs[0]
    sum.weights[1] += error * signs[1]
    sum.weights[2] += error * signs[2]
    sum.offset += error
  }
  return sum
}
