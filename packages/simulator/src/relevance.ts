/** How well texts answer a message: rare shared words count, words in a title count double, small typos are forgiven. */
import { cached } from './cache.ts'
import { isRecord, strings, type Item } from './sections.ts'
import { contentStems } from './text.ts'

export interface Ranked {
  item: Item
  /** Share of the message's meaning, 0 to 1, that the item's words cover. */
  coverage: number
  score: number
}

interface Document {
  body: Map<string, number>
  title: Set<string>
}

const titleFields = new Set(['title', 'heading', 'name', 'keywords', 'tags', 'topic'])
const skippedFields = new Set(['id', 'examples', 'pattern', 'patterns', 'version', 'document'])

/** Items best first; ties keep the order of the section. `hint` adds words that weigh half as much as the message's own. */
export function rank(message: string, items: readonly Item[], hint = ''): Ranked[] {
  const documents = items.map(toDocument)
  const frequency = new Map<string, number>()
  for (const document of documents) {
    for (const word of new Set([...document.body.keys(), ...document.title])) frequency.set(word, (frequency.get(word) ?? 0) + 1)
  }
  const terms = queryTerms(message, hint, frequency)
  const idf = (term: string) => Math.log(1 + (items.length + 0.5) / ((frequency.get(term) ?? 0) + 0.5))
  const strangest = idf('')
  // Halfway between counting words and counting their rarity: among a few texts on one topic its very name is common.
  const share = (term: string) => (frequency.has(term) ? 0.5 + idf(term) / strangest / 2 : /\d/.test(term) ? 0 : 0.8)
  const total = [...terms].reduce((sum, [term, weight]) => sum + (weight === 1 ? share(term) : 0), 0)

  return items
    .map((item, at) => {
      const document = documents[at]!
      let score = 0
      let covered = 0
      for (const [term, weight] of terms) {
        const times = document.body.get(term) ?? 0
        const inTitle = document.title.has(term)
        if (times === 0 && !inTitle) continue
        score += weight * idf(term) * (times / (times + 1) + (inTitle ? 1 : 0))
        if (weight === 1) covered += share(term)
      }
      return { item, score, coverage: total === 0 ? 0 : covered / total }
    })
    .sort((a, b) => b.score - a.score)
}

/** Each word of the message as the documents spell it, weight 1, then those of the hint, weight ½. */
function queryTerms(message: string, hint: string, known: ReadonlyMap<string, number>): Map<string, number> {
  const terms = new Map<string, number>()
  for (const word of contentStems(message)) terms.set(known.has(word) ? word : (nearest(word, known) ?? word), 1)
  for (const word of contentStems(hint)) if (!terms.has(word) && known.has(word)) terms.set(word, 0.5)
  return terms
}

const toStems = cached(4_000, (text: string) => contentStems(text))

function toDocument(item: Item): Document {
  const body = new Map<string, number>()
  const title = new Set<string>()
  for (const [field, value] of Object.entries(item.fields)) {
    if (skippedFields.has(field) || isRecord(value)) continue
    for (const text of strings(value)) {
      for (const word of toStems(text)) {
        if (titleFields.has(field)) title.add(word)
        else body.set(word, (body.get(word) ?? 0) + 1)
      }
    }
  }
  return { body, title }
}

/** The known word that a typo away gives `word`; none for short words and numbers. */
function nearest(word: string, known: ReadonlyMap<string, number>): string | undefined {
  if (word.length < 5 || /\d/.test(word)) return undefined
  const allowed = word.length < 8 ? 1 : 2
  for (const candidate of known.keys()) {
    if (candidate[0] === word[0] && Math.abs(candidate.length - word.length) <= allowed && distance(candidate, word) <= allowed)
      return candidate
  }
  return undefined
}

/** Edits between two words, where two swapped neighbours count as one. */
export function distance(a: string, b: string): number {
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const cost = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1))
      row.push(swapped ? Math.min(cost, before[j - 2]! + 1) : cost)
    }
    before = last
    last = row
  }
  return last[b.length]!
}
