/** Whether a schema may follow others under FULL_TRANSITIVE: each can be read with every other, in both directions. */
import { avroType, type AvroSchemaJson, type AvroType } from './avro.ts'

/** What we read of avsc's types. */
interface Shape {
  typeName: string
  name?: string
  fields?: readonly { name: string; type: Shape; defaultValue(): unknown }[]
  itemsType?: Shape
  valuesType?: Shape
  types?: readonly Shape[]
}

/**
 * @param before the versions it follows, in any order
 * @returns a sentence for each thing in the way; empty when the schema may follow
 */
export function whyNotAfter(schema: AvroSchemaJson, before: readonly AvroSchemaJson[]): string[] {
  const next = avroType(schema)
  const reasons = [
    ...ownRules(shapeOf(next), '', new Set()),
    ...before.flatMap((earlier) => changesAgainst(avroType(earlier), next)),
  ]
  return [...new Set(reasons)]
}

function shapeOf(type: AvroType): Shape {
  return type as unknown as Shape
}

/** What could never grow: refused in a first version already. */
function ownRules(shape: Shape, path: string, seen: Set<Shape>): string[] {
  if (seen.has(shape)) return []
  seen.add(shape)
  if (shape.typeName === 'enum') return [`${path || 'the schema'} is an enum, which could never grow: use a string`]
  const reasons: string[] = []
  if (shape.types !== undefined && (shape.types.length !== 2 || shape.types[0]?.typeName !== 'null')) {
    reasons.push(`${path} is a union other than [null, …]`)
  }
  for (const field of shape.fields ?? []) {
    const of = join(path, field.name)
    if (field.type.types !== undefined && field.defaultValue() !== null)
      reasons.push(`${of} is nullable but its default is not null`)
  }
  return [...reasons, ...partsOf(shape, path).flatMap(([part, of]) => ownRules(part, of, seen))]
}

function partsOf(shape: Shape, path: string): [Shape, string][] {
  const fields = (shape.fields ?? []).map((field): [Shape, string] => [field.type, join(path, field.name)])
  const items = [shape.itemsType, shape.valuesType].flatMap((type): [Shape, string][] => (type ? [[type, `${path}[]`]] : []))
  const branches = (shape.types ?? []).map((type): [Shape, string] => [type, path])
  return [...fields, ...items, ...branches]
}

function changesAgainst(before: AvroType, next: AvroType): string[] {
  const reasons = changes(shapeOf(before), shapeOf(next), '', new Set())
  if (reasons.length > 0) return reasons
  // Avro's own rules have the last word.
  return [
    unreadableWith(next, before, 'what the earlier version wrote cannot be read'),
    unreadableWith(before, next, 'readers of the earlier version cannot read it'),
  ].filter((reason) => reason !== null)
}

function unreadableWith(reader: AvroType, writer: AvroType, what: string): string | null {
  try {
    reader.createResolver(writer)
    return null
  } catch (error) {
    return `${what}: ${error instanceof Error ? error.message : 'no resolver'}`
  }
}

function changes(before: Shape, next: Shape, path: string, seen: Set<Shape>): string[] {
  if (seen.has(next)) return []
  seen.add(next)
  if (before.typeName !== next.typeName || before.name !== next.name) {
    return [`${path || 'the record'} was ${textOf(before)} and is ${textOf(next)}`]
  }
  if (next.types !== undefined) return branchChanges(before, next, path, seen)
  if (next.fields !== undefined) return fieldChanges(before, next, path, seen)
  const pairs: [Shape | undefined, Shape | undefined][] = [
    [before.itemsType, next.itemsType],
    [before.valuesType, next.valuesType],
  ]
  return pairs.flatMap(([was, is]) => (was && is ? changes(was, is, `${path}[]`, seen) : []))
}

function fieldChanges(before: Shape, next: Shape, path: string, seen: Set<Shape>): string[] {
  const was = new Map((before.fields ?? []).map((field) => [field.name, field]))
  const is = new Map((next.fields ?? []).map((field) => [field.name, field]))
  const removed = [...was.values()]
    .filter((field) => !is.has(field.name) && field.defaultValue() === undefined)
    .map((field) => `${join(path, field.name)} was removed, but readers of the earlier version need it: it had no default`)
  const added = [...is.values()]
    .filter((field) => !was.has(field.name) && field.defaultValue() === undefined)
    .map((field) => `${join(path, field.name)} is new and has no default`)
  const kept = [...is.values()].flatMap((field) => {
    const earlier = was.get(field.name)
    return earlier === undefined ? [] : changes(earlier.type, field.type, join(path, field.name), seen)
  })
  return [...removed, ...added, ...kept]
}

function branchChanges(before: Shape, next: Shape, path: string, seen: Set<Shape>): string[] {
  const [was, is] = [before.types ?? [], next.types ?? []]
  if (was.length !== is.length) return [`${path} was ${textOf(before)} and is ${textOf(next)}`]
  return is.flatMap((branch, index) => {
    const earlier = was[index]
    return earlier === undefined ? [] : changes(earlier, branch, path, seen)
  })
}

function textOf(shape: Shape): string {
  if (shape.types !== undefined) return `[${shape.types.map(textOf).join(', ')}]`
  return shape.name ?? shape.typeName
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`
}
