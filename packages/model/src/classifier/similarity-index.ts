/** Messages found again by the likeness of their words: the core of a cache that must not take one question for another. */
import { differenceOf, type Difference } from './difference.ts'
import { featuresOf, type FeatureCounts } from './features.ts'
import { learnLexicon } from './lexicon.ts'
import { createPostings, type Weighted } from './postings.ts'
import { senseOf, type NamedEntity, type Sense } from './sense.ts'

export interface SimilarityOptions {
  /** Teaches which words are common. The weights then stay, so adding and removing never changes how alike two texts are. */
  corpus: readonly string[]
  /** The domain's patterns: entities that must be equal. */
  find?: (text: string) => readonly NamedEntity[]
}

export interface Neighbour {
  id: string
  /** Cosine of the weighted features, 0 to 1. */
  similarity: number
  /** Null when nothing but the wording differs. */
  difference: Difference | null
}

/** Not bounded: who adds also removes. */
export interface SimilarityIndex {
  readonly size: number
  /** Replaces the text of an id that is there already. */
  add(id: string, text: string): void
  remove(id: string): void
  /** The most similar texts first, equally similar ones by id; those without any common feature are left out. */
  nearest(text: string, count: number): Neighbour[]
}

interface Entry {
  id: string
  slot: number
  vector: Weighted
  sense: Sense
}

export function createSimilarityIndex({ corpus, find }: SimilarityOptions): SimilarityIndex {
  const weigh = weigher(corpus)
  const entries = new Map<string, Entry>()
  const postings = createPostings()
  const remove = (id: string) => {
    const entry = entries.get(id)
    if (entry !== undefined) postings.remove(entry.slot, entry.vector)
    entries.delete(id)
  }
  return {
    get size() {
      return entries.size
    },
    remove,
    add(id, text) {
      remove(id)
      const vector = weigh(featuresOf(text))
      entries.set(id, { id, slot: postings.add(vector), vector, sense: senseOf(text, find) })
    },
    nearest(text, count) {
      const likeness = postings.likeness(weigh(featuresOf(text)))
      const sense = senseOf(text, find)
      return greatest(entries.values(), likeness, count).map(({ entry, similarity }) => ({
        id: entry.id,
        similarity: Math.min(1, similarity),
        difference: differenceOf(sense, entry.sense),
      }))
    },
  }
}

interface Found {
  entry: Entry
  similarity: number
}

/** Keeps the best so far in order: few are wanted out of many. */
function greatest(entries: Iterable<Entry>, likeness: Float64Array, count: number): Found[] {
  const found: Found[] = []
  for (const entry of entries) {
    const one = { entry, similarity: likeness[entry.slot] ?? 0 }
    const last = found.at(-1)
    if (one.similarity <= 0 || count < 1 || (found.length >= count && last !== undefined && !before(one, last))) continue
    if (found.length >= count) found.pop()
    const place = found.findIndex((other) => before(one, other))
    found.splice(place < 0 ? found.length : place, 0, one)
  }
  return found
}

function before(a: Found, b: Found): boolean {
  return a.similarity > b.similarity || (a.similarity === b.similarity && a.entry.id < b.entry.id)
}

/** Share of a text's squared length that is runs of characters. */
const runsShare = 0.8

/** Weighs features by their rarity in the corpus; one that it lacks weighs most. The result has length 1, or is empty. */
function weigher(corpus: readonly string[]): (counts: FeatureCounts) => Weighted {
  const { features, weights, unknownWeight } = learnLexicon(corpus.map(featuresOf))
  const rarities = new Map([...features].map((feature, place) => [feature, weights[place] ?? unknownWeight]))
  const kind = (counts: ReadonlyMap<number, number>, share: number) => {
    const raw = [...counts].map(([feature, count]) => ({
      feature,
      weight: (1 + Math.log(count)) * (rarities.get(feature) ?? unknownWeight),
    }))
    const length = Math.sqrt(raw.reduce((sum, { weight }) => sum + weight * weight, 0) / share)
    return raw.map(({ feature, weight }) => [feature, weight / length] as const)
  }
  return ({ words, runs }) => [...kind(words, 1 - runsShare), ...kind(runs, runsShare)]
}
