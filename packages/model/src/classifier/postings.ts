/** Which texts have a feature, and how much it weighs in each: an inverted index of unit vectors. */

export type Weighted = readonly (readonly [feature: number, weight: number])[]

interface Posting {
  slots: number[]
  weights: number[]
}

export interface Postings {
  /** The slot under which the vector is kept until it is removed. */
  add(vector: Weighted): number
  remove(slot: number, vector: Weighted): void
  /** Cosine by slot; 0 for free slots and for texts without a common feature. Valid until the next call. */
  likeness(vector: Weighted): Float64Array
}

export function createPostings(): Postings {
  const byFeature = new Map<number, Posting>()
  const free: number[] = []
  let slots = 0
  let sums = new Float64Array(64)
  return {
    add(vector) {
      const slot = free.pop() ?? slots++
      for (const [feature, weight] of vector) {
        const posting = byFeature.get(feature) ?? { slots: [], weights: [] }
        posting.slots.push(slot)
        posting.weights.push(weight)
        byFeature.set(feature, posting)
      }
      return slot
    },
    remove(slot, vector) {
      for (const [feature] of vector) {
        const posting = byFeature.get(feature)
        if (posting === undefined) continue
        drop(posting, slot)
        if (posting.slots.length === 0) byFeature.delete(feature)
      }
      free.push(slot)
    },
    likeness(vector) {
      if (sums.length < slots) sums = new Float64Array(2 * slots)
      sums.fill(0)
      for (const [feature, weight] of vector) {
        const posting = byFeature.get(feature)
        if (posting !== undefined) accumulate(sums, posting, weight)
      }
      return sums
    },
  }
}

/** The last one takes the place of the one that goes. */
function drop({ slots, weights }: Posting, slot: number): void {
  const place = slots.indexOf(slot)
  const lastSlot = slots.pop()
  const lastWeight = weights.pop()
  if (place < 0 || place === slots.length || lastSlot === undefined || lastWeight === undefined) return
  slots[place] = lastSlot
  weights[place] = lastWeight
}

function accumulate(sums: Float64Array, { slots, weights }: Posting, weight: number): void {
  for (let n = 0; n < slots.length; n++) {
    const slot = slots[n] ?? 0
    sums[slot] = (sums[slot] ?? 0) + weight * (weights[n] ?? 0)
  }
}
