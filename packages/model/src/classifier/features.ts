/** Words, pairs of words, and runs of 2 to 4 characters within a word, each as a 32-bit hash. */
import { normalForm } from './normal-form.ts'

const FIRST = 0x811c9dc5
const PRIME = 0x01000193
/** Units of a word whose runs are counted; writing without spaces makes long ones. */
const wordUnits = 400

/** Kinds of features start their hash apart, so that the word "and" is another feature than the run "and". */
const wordSeed = hashed(FIRST, 'w')
const pairSeed = hashed(FIRST, 'p')
const runSeeds = [2, 3, 4].map((length) => ({ length, seed: hashed(FIRST, `r${length}`) }))

/** How often each feature occurs, words (with pairs) and runs apart: each kind is weighed by itself. */
export interface FeatureCounts {
  words: Map<number, number>
  runs: Map<number, number>
}

export function featuresOf(text: string): FeatureCounts {
  return countFeatures(normalForm(text))
}

function countFeatures(tokens: readonly string[]): FeatureCounts {
  const counts: FeatureCounts = { words: new Map(), runs: new Map() }
  let before = '^'
  for (const token of tokens) {
    add(counts.words, hashed(wordSeed, token))
    add(counts.words, hashed(hashed(hashed(pairSeed, before), ' '), token))
    countRuns(counts.runs, token)
    before = token
  }
  if (tokens.length > 0) add(counts.words, hashed(hashed(hashed(pairSeed, before), ' '), '$'))
  return counts
}

function countRuns(runs: Map<number, number>, token: string): void {
  const padded = ` ${token.slice(0, wordUnits)} `
  for (const { length, seed } of runSeeds) {
    if (padded.length <= length) {
      add(runs, hashed(seed, padded))
      continue
    }
    for (let at = 0; at + length <= padded.length; at++) add(runs, hashedRange(seed, padded, at, at + length))
  }
}

function add(counts: Map<number, number>, feature: number): void {
  counts.set(feature, (counts.get(feature) ?? 0) + 1)
}

function hashed(seed: number, text: string): number {
  return hashedRange(seed, text, 0, text.length)
}

/** FNV-1a over UTF-16 units. */
function hashedRange(seed: number, text: string, from: number, to: number): number {
  let hash = seed
  for (let at = from; at < to; at++) hash = Math.imul(hash ^ text.charCodeAt(at), PRIME)
  return hash >>> 0
}
