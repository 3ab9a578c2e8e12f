import type { Neighbour } from './similarity-index.ts'

export interface AgreementOptions {
  /** Of a text in the index: what it is about. Undefined where that is not known for sure, and then nothing agrees. */
  labelOf: (id: string) => string | undefined
  /** What the asking message is about, as a classifier says that was not taught by the index; it must say the same. */
  expected?: string
  /** Neighbours that must say the same; 2 unless told. */
  neighbours?: number
  /** Least similarity of each, 0 to 1; 0.5 unless told. */
  similarity?: number
}

/**
 * The nearest text whose answer may serve, or null for a miss. The nearest texts, whatever else differs in them, must all be of
 * one label, so that a question between two subjects is a miss; and the one that serves must differ in wording alone.
 * @param found from `nearest`: enough of them that one without a difference can be among them, say 20
 */
export function agreedNeighbour(found: readonly Neighbour[], options: AgreementOptions): Neighbour | null {
  const { labelOf, expected, neighbours = 2, similarity = 0.5 } = options
  const near = found.filter((one) => one.similarity >= similarity)
  const asked = near.slice(0, Math.max(1, neighbours))
  const label = expected ?? (asked[0] === undefined ? undefined : labelOf(asked[0].id))
  if (label === undefined || asked.length < neighbours || asked.some(({ id }) => labelOf(id) !== label)) return null
  const serving = near.find(({ difference }) => difference === null)
  return serving !== undefined && labelOf(serving.id) === label ? serving : null
}
