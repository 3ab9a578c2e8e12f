/** Skill: which of several markers a message carries. It prefers to miss one over raising one on an ordinary message. */
import { cached } from './cache.ts'
import { trainClassifier } from './classifier.ts'
import { exampleTexts } from './classify.ts'
import type { Prompt } from './prompt.ts'
import { strings, type Item } from './sections.ts'
import { contentStems } from './text.ts'

/** Cosine from which a message says what an example says, typos and all. */
const similar = 0.65

const nearestOf = cached(32, (key: string) => trainClassifier((JSON.parse(key) as string[][]).map((examples) => ({ examples }))))
const stemsOf = cached(4_000, (text: string) => contentStems(text))
const ordinaryOf = cached(32, (key: string) => new Set((JSON.parse(key) as string[]).flatMap(contentStems)))

export function raisedFlags(prompt: Prompt, items: readonly Item[]): Item[] {
  const others = prompt.sections.flatMap((section) => (section.items.some((item) => items.includes(item)) ? [] : section.items))
  const usual = others.filter((item) => strings(item.fields['examples']).length > 0).flatMap(exampleTexts)
  const ordinary = ordinaryOf(JSON.stringify(usual))
  const similarities = nearestOf(JSON.stringify([...items.map((item) => strings(item.fields['examples'])), usual])).similarities(
    prompt.message,
  )
  const usualSimilarity = similarities.at(-1) ?? 0
  const said = stemsOf(prompt.message)

  return items.filter((item, at) => {
    const similarity = similarities[at] ?? 0
    const examples = strings(item.fields['examples']).map(stemsOf)
    return (
      matchesPattern(prompt.message, item) ||
      (similarity >= similar && similarity > usualSimilarity) ||
      examples.some((example) => contains(said, example, ordinary)) ||
      (usual.length > 0 && soundsLike(said, examples, ordinary))
    )
  })
}

/** Whether an item's `pattern` or `patterns`, regular expressions, occur in the message. One that does not compile matches nothing. */
function matchesPattern(message: string, item: Item): boolean {
  return patternsOf(item).some((pattern) => pattern.test(message))
}

export function patternsOf(item: Item, flags = 'iu'): RegExp[] {
  return [...strings(item.fields['pattern']), ...strings(item.fields['patterns'])].flatMap((source) => {
    try {
      return [new RegExp(source, flags)]
    } catch {
      return []
    }
  })
}

/** Whether all that an example says is said within one stretch of the message, and is not what ordinary messages say too. */
function contains(said: readonly string[], example: readonly string[], ordinary: ReadonlySet<string>): boolean {
  const unusual = example.filter((word) => !ordinary.has(word))
  if (unusual.length === 0) return false
  const stretch = example.length + 3
  return said.some((_, at) => {
    const window = new Set(said.slice(at, at + stretch))
    return example.every((word) => window.has(word))
  })
}

/** Whether the message uses words that mark this item: two of those that ordinary messages lack, or one that several examples share. */
function soundsLike(said: readonly string[], examples: readonly (readonly string[])[], ordinary: ReadonlySet<string>): boolean {
  const marking = [...new Set(said)].filter((word) => word.length > 2 && !ordinary.has(word))
  const counts = marking.map((word) => examples.filter((example) => example.includes(word)).length)
  return counts.filter((times) => times > 0).length >= 2 || counts.some((times) => times >= 2)
}
