/** Fills a list: flags raised, items selected, patterns found, statements cited, commitments made. */
import { round } from './classify.ts'
import { isForbidding, type Composition, type Used } from './compose.ts'
import { patternsOf, raisedFlags } from './flags.ts'
import { readShape, type Shape } from './schema.ts'
import { refersTo, sectionFor, type Scope, type Subject } from './scope.ts'
import { bestSentence, selectItems } from './select.ts'
import { isRecord, strings, type Item, type Section } from './sections.ts'

/** `fillObject` fills one object of the list, about the subject in its scope. */
export function fillArray(
  name: string,
  shape: Shape,
  scope: Scope,
  fillObject: (shape: Shape, scope: Scope) => unknown,
): unknown[] {
  const element = readShape(shape.items, scope.root)
  const limit = Number(shape.raw['maxItems'] ?? Infinity)
  if (element.type === 'string')
    return itemsFor(name, element.values, limit, scope)
      .slice(0, limit)
      .map((subject) => subject.item.id)
  if (element.type !== 'object') return []
  return subjectsFor(name, element, limit, scope)
    .slice(0, limit)
    .map((subject) => fillObject(element, { ...scope, subject }))
}

/** What the objects of a list are about. */
function subjectsFor(name: string, element: Shape, limit: number, scope: Scope): Subject[] {
  const { composition, prompt } = scope
  const idProperty = idPropertyOf(name, element, scope)
  if (idProperty === undefined) return composition !== null && isPromising(name) ? promised(composition, element, '', scope) : []
  const { values } = readShape(element.properties[idProperty], scope.root)
  if (composition !== null && isPromising(name)) return promised(composition, element, idProperty, scope)
  if (composition !== null && ('quote' in element.properties || 'start' in element.properties)) {
    const citable = (item: Item) =>
      values.length > 0 ? values.includes(item.id) : idProperty === 'id' || refersTo(idProperty, item.section)
    return composition.used
      .filter(({ item }) => citable(item))
      .map(({ item, sentence }) => ({ item, idProperty, quote: sentence, certainty: 0.9 }))
  }
  const section = sectionFor(prompt, values.length > 0 || refersAny(idProperty, scope) ? idProperty : name, values)
  if (section?.items.some((item) => patternsOf(item).length > 0) && strings(section.items[0]?.fields['examples']).length === 0) {
    return extracted(section, prompt.message, idProperty)
  }
  return itemsFor(values.length > 0 || refersAny(idProperty, scope) ? idProperty : name, values, limit, scope).map((subject) => ({
    ...subject,
    idProperty,
  }))
}

/** Items of the section that the list is about. */
function itemsFor(name: string, values: readonly unknown[], limit: number, scope: Scope): Subject[] {
  const { prompt, composition, found } = scope
  const section = sectionFor(prompt, name, values)
  if (section === undefined) return []
  const items = values.length > 0 ? section.items.filter((item) => values.includes(item.id)) : section.items
  const said = composition?.used.filter((used) => items.includes(used.item)) ?? []
  if (said.length > 0) return said.map(({ item, sentence }) => ({ item, idProperty: 'id', quote: sentence, certainty: 0.9 }))
  if (composition !== null) return []
  if (items.some((item) => strings(item.fields['examples']).length > 0 || patternsOf(item).length > 0)) {
    return raisedFlags(prompt, items).map((item) => ({ item, idProperty: 'id', quote: prompt.message, certainty: 0.8 }))
  }
  const selected = selectItems(prompt, items, limit)
  found.selected += selected.length
  found.certainties.push(selected.length === 0 ? 0.3 : round(0.5 + 0.45 * selected[0]!.coverage))
  return selected.map(({ item, coverage }) => ({
    item,
    idProperty: 'id',
    quote: bestSentence(prompt, item),
    certainty: round(coverage),
  }))
}

/** The property of a list's objects that names the item: by its values, by its name, or the usual ones. */
function idPropertyOf(name: string, element: Shape, scope: Scope): string | undefined {
  const names = Object.keys(element.properties).filter(
    (property) => readShape(element.properties[property], scope.root).type === 'string',
  )
  const byValues = names.find((property) => {
    const { values } = readShape(element.properties[property], scope.root)
    return values.length > 0 && sectionFor(scope.prompt, property, values) !== undefined
  })
  const usual = () =>
    refersAny(name, scope) || scope.composition !== null
      ? ['id', 'kind', 'type', 'name'].find((property) => names.includes(property))
      : undefined
  return byValues ?? names.find((property) => refersAny(property, scope)) ?? usual()
}

function refersAny(name: string, { prompt }: Scope): boolean {
  return prompt.sections.some((section) => section.items.length > 0 && refersTo(name, section.name))
}

const isPromising = (name: string) => /commitment|promise/i.test(name)

/** One commitment for each action that the reply speaks of, the lie's included, unless the schema has no place for it. */
function promised(composition: Composition, element: Shape, idProperty: string, { prompt, root }: Scope): Subject[] {
  const forbidding = new Set(prompt.sections.filter(isForbidding).map((section) => section.name))
  const isPromised = ({ item, sentence }: Used) =>
    forbidding.has(item.section) ? sentence !== item.fields['reason'] : /action|commitment|permitted/.test(item.section)
  return composition.used
    .filter(isPromised)
    .filter(({ item }) =>
      Object.entries(element.properties).every(([name, property]) => {
        const { values } = readShape(property, root)
        const own = item.fields[name] ?? (name === idProperty ? item.id : undefined)
        return values.length === 0 || own === undefined || values.includes(own)
      }),
    )
    .map(({ item, sentence }) => ({ item, idProperty, quote: sentence, certainty: 0.9 }))
}

/** One object for each place where an item's pattern matches: the first group, or all of the match. */
function extracted(section: Section, message: string, idProperty: string): Subject[] {
  const seen = new Set<string>()
  return section.items.flatMap((item) =>
    patternsOf(item, 'giu').flatMap((pattern) =>
      [...message.matchAll(pattern)].flatMap((match) => {
        const quote = match[1] ?? match[0]
        if (quote === '' || seen.has(`${item.id} ${quote}`)) return []
        seen.add(`${item.id} ${quote}`)
        return [{ item: withoutPatterns(item), idProperty, quote, certainty: 0.95 }]
      }),
    ),
  )
}

function withoutPatterns(item: Item): Item {
  const { pattern: _pattern, patterns: _patterns, ...fields } = item.fields
  return { ...item, fields: isRecord(fields) ? fields : {} }
}
