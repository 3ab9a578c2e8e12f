/** Skill: which item of a section a message belongs to, by its examples and description. What the ids say is never looked at. */
import { cached } from './cache.ts'
import { trainClassifier, type Classifier } from './classifier.ts'
import type { Prompt } from './prompt.ts'
import { strings, type Item } from './sections.ts'
import { contentStems, stem, words } from './text.ts'

export interface Choice {
  /** Null where nothing fits: the message is out of scope. */
  item: Item | null
  /** The best of what there is, also where it does not fit. */
  nearest: Item | null
  /** 0 to 1, near the share of such choices that are right. */
  confidence: number
}

interface Trained {
  classifier: Classifier
  vocabulary: ReadonlySet<string>
}

const train = cached(32, (key: string): Trained => {
  const classes = (JSON.parse(key) as string[][]).map((examples) => ({ examples }))
  return {
    classifier: trainClassifier(classes),
    vocabulary: new Set(classes.flatMap((item) => item.examples.flatMap((text) => words(text).map(stem)))),
  }
})

/** What tells an item's class: all its texts but the id. */
export function exampleTexts(item: Item): string[] {
  const { examples, description, title, name, statement, text } = item.fields
  return [...strings(examples), ...[description, title, item.id === name ? null : name, statement, text].flatMap(strings)]
}

export function classify(prompt: Prompt, items: readonly Item[]): Choice {
  const { classifier, vocabulary } = train(JSON.stringify(items.map(exampleTexts)))
  const judge = (text: string): Choice => {
    const { probabilities, similarities } = classifier.classify(text)
    return choose(items, probabilities, similarities, familiarity(text, vocabulary))
  }
  const known = familiarity(prompt.message, vocabulary)
  const alone = clearest(judge(prompt.message), clausesOf(prompt.message).map(judge))
  const before = prompt.earlier.at(-1)
  if (before === undefined || (alone.item !== null && alone.confidence >= 0.5) || !leansOnEarlier(prompt.message, known))
    return alone
  const { probabilities, similarities } = classifier.classify(prompt.message)
  const earlier = classifier.classify(before)
  const mixed = normalised(probabilities.map((probability, at) => probability * (earlier.probabilities[at] ?? 0)))
  const nearer = similarities.map((similarity, at) => Math.max(similarity, earlier.similarities[at] ?? 0))
  return choose(items, mixed, nearer, 1)
}

/** Below it the whole message is unclear, and one clause of it may be clearer. */
const unclear = 0.4

/** People tell what happened around what they want: where the whole fits nothing well, its clearest clause decides. */
function clearest(whole: Choice, clauses: readonly Choice[]): Choice {
  if (whole.item !== null && whole.confidence >= unclear) return whole
  const fitting = clauses.filter(({ item, confidence }) => item !== null && confidence >= unclear)
  return fitting.toSorted((a, b) => b.confidence - a.confidence)[0] ?? whole
}

/** Sentences and the parts between commas, of two words at least; none where there is only one. */
function clausesOf(message: string): string[] {
  const clauses = message.split(/[.!?;,\n]+/u).filter((part) => words(part).length >= 2)
  return clauses.length > 1 ? clauses : []
}

function choose(
  items: readonly Item[],
  probabilities: readonly number[],
  similarities: readonly number[],
  known: number,
): Choice {
  const probability = Math.max(...probabilities)
  const best = probabilities.indexOf(probability)
  const nearest = items[best] ?? null
  // Every class gets its share of a text that says nothing, so the fewer the classes, the more is asked of the best.
  const threshold = Math.min(0.5, 0.1 + 3 / items.length)
  const unlikely = items.length > 1 && probability < threshold
  const strange = known === 0 || (known < 0.4 && probability < 0.7)
  if (unlikely || strange || (similarities[best] ?? 0) < 0.12) {
    return { item: null, nearest, confidence: round(Math.min(0.95, Math.max(0.5, 1 - probability))) }
  }
  return { item: nearest, nearest, confidence: round(probability) }
}

function normalised(values: readonly number[]): number[] {
  const total = values.reduce((sum, value) => sum + value, 0) || 1
  return values.map((value) => value / total)
}

const pointsBack = /\b(it|that|this|those|these|one|ones|they|them|same|instead)\b|^(and|also|then|but|so|what about)\b/i

/** Whether a message can only be understood from what was said before: it holds no word of its own, or points back. */
function leansOnEarlier(message: string, known: number): boolean {
  if (contentStems(message).length === 0) return true
  return known > 0 && pointsBack.test(message.trim())
}

/** Share of the message's meaningful words that the examples know, a typo apart. */
function familiarity(message: string, vocabulary: ReadonlySet<string>): number {
  const content = contentStems(message).filter((word) => !/^\d+$/.test(word))
  if (content.length === 0) return words(message).some((word) => vocabulary.has(stem(word)) && !/\d/.test(word)) ? 0.3 : 0
  return content.filter((word) => vocabulary.has(word) || resembles(word, vocabulary)).length / content.length
}

function resembles(word: string, vocabulary: ReadonlySet<string>): boolean {
  if (word.length < 5) return false
  for (const known of vocabulary) {
    if (known.length >= 4 && (known.startsWith(word.slice(0, 5)) || sharedPairs(known, word) >= 0.6)) return true
  }
  return false
}

/** Dice coefficient of the letter pairs. */
function sharedPairs(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 3) return 0
  const pairs = new Set(Array.from({ length: a.length - 1 }, (_, at) => a.slice(at, at + 2)))
  const shared = Array.from({ length: b.length - 1 }, (_, at) => b.slice(at, at + 2)).filter((pair) => pairs.has(pair)).length
  return (2 * shared) / (a.length + b.length - 2)
}

export function round(value: number): number {
  return Math.round(value * 100) / 100
}
