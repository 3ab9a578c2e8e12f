/** Fills any JSON schema from a prompt: the root of the answer, its objects and its simple values. */
import { fillArray } from './arrays.ts'
import { round } from './classify.ts'
import { compose, type Lie } from './compose.ts'
import { isCued, nameWords } from './cues.ts'
import type { Prompt } from './prompt.ts'
import { readShape, type Json, type Shape } from './schema.ts'
import type { Scope } from './scope.ts'
import { isRecord } from './sections.ts'
import { fillString, isReplyProperty } from './strings.ts'

const deepest = 8

export interface AnswerOptions {
  seed: number
  lie?: Lie | null
}

export function answer(prompt: Prompt, schema: Json, { seed, lie = null }: AnswerOptions): unknown {
  const composition = isReply(schema) ? compose(prompt, seed, lie) : null
  const certainties = composition === null ? [] : [composition.used.length > 0 ? 0.9 : 0.3]
  const found = { certainties, inScope: null, selected: 0 }
  return fillValue('', schema, { prompt, root: schema, composition, subject: null, depth: 0, found })
}

/** Whether an answer of this schema is a reply, to be composed from statements. */
export function isReply(schema: Json): boolean {
  const { properties } = readShape(schema, schema)
  return Object.entries(properties).some(([name, property]) => isReplyProperty(name, readShape(property, schema)))
}

export function fillValue(name: string, schema: unknown, scope: Scope): unknown {
  const shape = readShape(schema, scope.root)
  const own = scope.subject?.item.fields[name]
  if (own !== undefined && own !== null && fits(own, shape)) return own
  switch (shape.type) {
    case 'object':
      return (shape.nullable && scope.subject !== null) || scope.depth > deepest
        ? null
        : fillObject(shape, { ...scope, depth: scope.depth + 1 })
    case 'array':
      return fillArray(name, shape, scope, fillObject)
    case 'number':
    case 'integer':
      return fillNumber(name, shape, scope)
    case 'boolean':
      return fillBoolean(name, shape, scope)
    case 'null':
      return null
    default:
      return fillString(name, shape, scope)
  }
}

/** Properties keep the order of the schema; what sums the others up is filled last. */
export function fillObject(shape: Shape, scope: Scope): Json {
  const names = Object.keys(shape.properties)
  const last = (name: string) => (/number|integer|boolean/.test(readShape(shape.properties[name], scope.root).type) ? 1 : 0)
  const values = new Map(
    names.toSorted((a, b) => last(a) - last(b)).map((name) => [name, fillValue(name, shape.properties[name], scope)] as const),
  )
  return Object.fromEntries(names.map((name) => [name, values.get(name)]))
}

function fits(value: unknown, shape: Shape): boolean {
  if (shape.values.length > 0) return shape.values.includes(value)
  if (Array.isArray(value)) return shape.type === 'array'
  if (isRecord(value)) return shape.type === 'object'
  return shape.type === 'integer' ? Number.isInteger(value) : typeof value === shape.type
}

function fillNumber(name: string, shape: Shape, scope: Scope): number | null {
  if (typeof shape.values[0] === 'number') return shape.values[0]
  const least = Number(shape.raw['minimum'] ?? 0)
  const most = Number(shape.raw['maximum'] ?? Infinity)
  const value = numberFor(name, scope)
  if (value === undefined && shape.nullable) return null
  return Math.min(Math.max(value ?? 0, least), most)
}

function numberFor(name: string, { subject, composition, found }: Scope): number | undefined {
  if (/confidence|certainty|probability|relevance|score/i.test(name)) {
    if (subject !== null) return subject.certainty
    const { certainties } = found
    return certainties.length === 0 ? 0.5 : round(certainties.reduce((sum, value) => sum + value, 0) / certainties.length)
  }
  if (subject === null || composition === null) return undefined
  const start = composition.text.indexOf(subject.quote)
  if (name === 'start') return Math.max(0, start)
  return name === 'end' ? Math.max(0, start) + subject.quote.length : undefined
}

function fillBoolean(name: string, shape: Shape, { prompt, found, composition }: Scope): boolean | null {
  if (shape.values.length === 1) return shape.values[0] === true
  const named = nameWords(name)
  if (named.includes('scop')) return (found.inScope ?? true) !== named.includes('out')
  if (/answer(able|ed)|found|supported/i.test(name)) return found.selected > 0 || (composition?.used.length ?? 0) > 0
  return isCued(prompt.message, name) || (shape.nullable ? null : false)
}
