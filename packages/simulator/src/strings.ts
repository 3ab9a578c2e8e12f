/** Fills a string: a choice from a section, a language, a scale, the reply itself, a quote, or what its type allows. */
import { classify } from './classify.ts'
import { likelyValue, nameWords, urgencyOf } from './cues.ts'
import { detectLanguage } from './language.ts'
import type { Shape } from './schema.ts'
import { sectionFor, type Scope } from './scope.ts'
import { selectItems } from './select.ts'
import { sentences } from './text.ts'
import { strings, type Item } from './sections.ts'

export function isReplyProperty(name: string, shape: Shape): boolean {
  if (shape.type !== 'string' || shape.values.length > 0) return false
  return /^(text|reply|replyText|body)$/.test(name) || /\breply\b/i.test(shape.description)
}

const quoteName = /quote|sentence|excerpt|evidence|span|statement|value|match/i

export function fillString(name: string, shape: Shape, scope: Scope): string | null {
  const value = shape.values.length > 0 ? choose(name, shape, scope) : freely(name, shape, scope)
  if (value === null || value === undefined) return shape.nullable ? null : shortest(shape)
  const most = shape.raw['maxLength']
  return typeof most === 'number' ? value.slice(0, most) : value
}

function choose(name: string, shape: Shape, scope: Scope): string | null {
  const values = shape.values.filter((value) => typeof value === 'string')
  const { subject, prompt } = scope
  if (subject !== null && values.includes(subject.item.id)) return subject.item.id
  if (values.length === 1) return values[0]!
  const section = sectionFor(prompt, name, values)
  if (section !== undefined) {
    const items = section.items.filter((item) => values.includes(item.id))
    const none = values.filter((value) => !section.items.some((item) => item.id === value))
    return pickItem(items, scope, shape.nullable || none.length > 0)?.id ?? (shape.nullable ? null : none[0]!)
  }
  if (isLanguage(name)) {
    const spoken = detectLanguage(prompt.message)
    return values.find((value) => value.toLowerCase().startsWith(spoken)) ?? values[0]!
  }
  const level = /urgen|priorit|severit/i.test(name) ? urgencyOf(prompt.message, values) : undefined
  return level ?? likelyValue(prompt.message, values) ?? (shape.nullable ? null : values[0]!)
}

/** The item that fits the message; the nearest one where something must be chosen. */
function pickItem(items: readonly Item[], { prompt, found }: Scope, mayBeNone: boolean): Item | null {
  if (items.some((item) => strings(item.fields['examples']).length > 0 || item.fields['description'] !== undefined)) {
    const choice = classify(prompt, items)
    found.certainties.push(choice.item === null && !mayBeNone ? 0.1 : choice.confidence)
    found.inScope = (found.inScope ?? true) && choice.item !== null
    return choice.item ?? (mayBeNone ? null : choice.nearest)
  }
  const best = selectItems(prompt, items, 1)[0]
  found.certainties.push(best?.coverage ?? 0.5)
  found.selected += best === undefined ? 0 : 1
  return best?.item ?? (mayBeNone ? null : (items[0] ?? null))
}

function freely(name: string, shape: Shape, scope: Scope): string | null | undefined {
  const { subject, composition, prompt } = scope
  if (subject !== null) {
    if (name === subject.idProperty) return subject.item.id
    return quoteName.test(name) ? subject.quote : undefined
  }
  if (composition !== null && isReplyProperty(name, shape)) return composition.text
  if (isLanguage(name)) return detectLanguage(prompt.message, prompt.language ?? 'en')
  if (/summary|gist/i.test(name)) return sentences(prompt.message)[0]
  const section = sectionFor(prompt, name, [])
  return section === undefined ? undefined : (pickItem(section.items, scope, true)?.id ?? null)
}

function isLanguage(name: string): boolean {
  return nameWords(name).some((word) => ['languag', 'lang', 'local'].includes(word))
}

function shortest(shape: Shape): string {
  const least = Number(shape.raw['minLength'] ?? 0)
  return least === 0 ? '' : 'unspecified'.padEnd(least, '.')
}
