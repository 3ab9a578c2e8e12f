/** JSON schemas in the few shapes that an answer needs, read leniently. */
import { isRecord } from './sections.ts'

export type Json = Record<string, unknown>

/** A schema with references followed and null taken aside. */
export interface Shape {
  type: string
  /** Values of an enum or constant; empty where any value of the type will do. */
  values: readonly unknown[]
  nullable: boolean
  description: string
  properties: Readonly<Record<string, unknown>>
  items: unknown
  raw: Json
}

export function readShape(schema: unknown, root: Json, depth = 0): Shape {
  const raw = follow(schema, root, depth)
  const options =
    [raw['anyOf'], raw['oneOf']].find(Array.isArray)?.map((option: unknown) => follow(option, root, depth + 1)) ?? []
  const real = options.filter((option: Json) => option['type'] !== 'null')
  if (real.length > 0 && depth < 8) {
    const consts = real.every((option) => 'const' in option) ? { enum: real.map((option) => option['const']) } : {}
    const shape = readShape({ ...real[0], ...(real.length > 1 ? consts : {}) }, root, depth + 1)
    return {
      ...shape,
      nullable: shape.nullable || real.length < options.length,
      description: describe(raw) || shape.description,
    }
  }
  const types = Array.isArray(raw['type']) ? (raw['type'] as string[]) : [raw['type'] as string | undefined]
  const values = 'const' in raw ? [raw['const']] : Array.isArray(raw['enum']) ? raw['enum'] : []
  const properties = isRecord(raw['properties']) ? raw['properties'] : {}
  return {
    type: types.find((type) => type !== undefined && type !== 'null') ?? guessType(values, raw),
    values: values.filter((value) => value !== null),
    nullable: types.includes('null') || values.includes(null),
    description: describe(raw),
    properties,
    items: raw['items'],
    raw,
  }
}

function follow(schema: unknown, root: Json, depth: number): Json {
  if (!isRecord(schema)) return {}
  const reference = schema['$ref']
  if (typeof reference !== 'string' || depth > 16) return Array.isArray(schema['allOf']) ? merge(schema, root, depth) : schema
  const steps = reference
    .replace(/^#\/?/, '')
    .split('/')
    .filter((step) => step !== '')
  const target = steps.reduce<unknown>((node, step) => (isRecord(node) ? node[step] : undefined), root)
  return follow(target, root, depth + 1)
}

/** All parts of an `allOf` as one schema; of what two of them say, the later one's counts, but for properties. */
function merge(schema: Json, root: Json, depth: number): Json {
  const { allOf, ...own } = schema
  const parts = [...(allOf as unknown[]).map((part) => follow(part, root, depth + 1)), own]
  const properties = Object.fromEntries(
    parts.flatMap((part) => (isRecord(part['properties']) ? Object.entries(part['properties']) : [])),
  )
  return { ...Object.fromEntries(parts.flatMap((part) => Object.entries(part))), properties }
}

function describe({ description }: Json): string {
  return typeof description === 'string' ? description : ''
}

function guessType(values: readonly unknown[], raw: Json): string {
  if (values.length > 0) return typeof values[0]
  if ('properties' in raw) return 'object'
  return 'items' in raw ? 'array' : 'string'
}
