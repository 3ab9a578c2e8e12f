/** A linear separator of some examples from all others: L2-regularised squared hinge loss, by dual coordinate descent. */
import type { Random } from '@concord/contracts'
import type { SparseVector } from './lexicon.ts'

export interface LinearOptions {
  /** How dear a mistake is against a large weight. */
  cost: number
  /** Most passes over the examples. */
  passes: number
  random: Random
}

export interface Separator {
  weights: Float64Array
  offset: number
}

/** No example's gradient is further from its optimum than this when the work ends early. */
const settled = 0.05

/**
 * After Hsieh et al., "A Dual Coordinate Descent Method for Large-scale Linear SVM" (2008), with its shrinking: an example that
 * is safely on its side is left out until the rest has settled. `sides` holds 1 or -1 for each vector.
 */
export function separate(
  vectors: readonly SparseVector[],
  sides: Int8Array,
  features: number,
  { cost, passes, random }: LinearOptions,
): Separator {
  const found: Separator = { weights: new Float64Array(features), offset: 0 }
  const duals = new Float64Array(vectors.length)
  const slack = 0.5 / cost
  const order = Int32Array.from(vectors, (_, n) => n)
  let active = order.length
  let safe = Number.POSITIVE_INFINITY
  for (let pass = 0; pass < passes; pass++) {
    let worst = 0
    shuffle(order, active, random)
    for (let place = 0; place < active; place++) {
      const n = order[place] ?? 0
      const gradient = gradientAt(found, vectors[n], sides[n], duals[n], slack)
      if (duals[n] === 0 && gradient > safe) {
        swap(order, place--, --active)
        continue
      }
      const violation = duals[n] === 0 ? Math.min(gradient, 0) : gradient
      if (violation === 0) continue
      worst = Math.max(worst, Math.abs(violation))
      step(found, vectors[n], sides[n], duals, n, gradient / (lengthSquared + slack))
    }
    safe = worst > 0 ? worst : Number.POSITIVE_INFINITY
    if (worst >= settled) continue
    if (active === order.length) break
    active = order.length
    safe = Number.POSITIVE_INFINITY
  }
  return found
}

/** Vectors have length 1, and the offset is one more feature of value 1. */
const lengthSquared = 2

function gradientAt(found: Separator, vector: SparseVector | undefined, side = 1, dual = 0, slack = 0): number {
  return vector === undefined ? 0 : side * (dot(found.weights, vector) + found.offset) - 1 + slack * dual
}

function step(found: Separator, vector: SparseVector | undefined, side = 1, duals: Float64Array, n: number, by: number): void {
  if (vector === undefined) return
  const before = duals[n] ?? 0
  const after = Math.max(0, before - by)
  duals[n] = after
  addScaled(found.weights, vector, side * (after - before))
  found.offset += side * (after - before)
}

/** Of a vector with dense weights. */
export function dot(weights: Float64Array | Float32Array, { at, values }: SparseVector): number {
  let sum = 0
  for (let n = 0; n < at.length; n++) sum += (weights[at[n] ?? 0] ?? 0) * (values[n] ?? 0)
  return sum
}

/** Adds the vector, so many times, to dense weights. */
export function addScaled(weights: Float64Array | Float32Array, { at, values }: SparseVector, scale: number): void {
  for (let n = 0; n < at.length; n++) {
    const place = at[n] ?? 0
    weights[place] = (weights[place] ?? 0) + scale * (values[n] ?? 0)
  }
}

function shuffle(order: Int32Array, active: number, random: Random): void {
  for (let n = active - 1; n > 0; n--) swap(order, n, Math.floor(random() * (n + 1)))
}

function swap(order: Int32Array, one: number, other: number): void {
  const kept = order[one] ?? 0
  order[one] = order[other] ?? 0
  order[other] = kept
}
