/** zod and Avro say the same, field by field. */
import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { z } from 'zod'
import type { AvroComplex, AvroField, AvroSchemaJson } from './avro.ts'
import { loadSchemas, schemasOf } from './schemas.ts'
import { topics, triaged } from './topics.ts'
import { shapeOf } from './zod-shape.ts'

const set = loadSchemas()

test('every topic has its contract file and examples, and every contract file its topic', () => {
  expect(set.subjects.map((one) => one.subject).sort()).toEqual(topics.map((topic) => topic.subject).sort())
  for (const { noun } of topics) {
    const names = readdirSync(`${set.folder}/${noun}/examples`)
    expect(
      names.filter((name) => name.startsWith('valid-')),
      noun,
    ).not.toEqual([])
    expect(
      names.filter((name) => name.startsWith('invalid-')),
      noun,
    ).not.toEqual([])
  }
})

test.each(topics.map((topic) => [topic.noun, topic] as const))('%s: zod mirrors Avro field by field', (_, topic) => {
  expect(differences(topic.schema, schemasOf(set, topic.subject).current)).toEqual([])
})

test.each(topics.map((topic) => [topic.noun, topic] as const))('%s: every field says what it is', (_, topic) => {
  const { fields } = namesIn(schemasOf(set, topic.subject).current)
  for (const field of fields) {
    expect(field.doc ?? '', field.name).not.toBe('')
    expect([undefined, 'personal'], field.name).toContain(field.sensitivity)
  }
})

test.each([
  [
    'a field that zod does not know',
    (fields: AvroField[]) => void fields.push({ name: 'mood', type: 'string' }),
    'mood: only in Avro',
  ],
  ['a field that Avro does not know', (fields: AvroField[]) => void fields.pop(), 'reason: only in zod'],
  ['another type', (fields: AvroField[]) => void (named(fields, 'inScope').type = 'string'), 'inScope: boolean is not string'],
  ['a missing null', (fields: AvroField[]) => void (named(fields, 'intent').type = 'string'), 'intent: null only in zod'],
  ['another default', (fields: AvroField[]) => void (named(fields, 'intent').default = ''), 'intent: default null is not ""'],
  [
    'another item',
    (fields: AvroField[]) => void (named(fields, 'riskFlags').type = { type: 'array', items: 'int' }),
    'riskFlags[]: string is not int',
  ],
])('the comparison finds %s', (_, change, difference) => {
  const schema = structuredClone(schemasOf(set, triaged.subject).current) as AvroComplex
  change(schema.fields as AvroField[])
  expect(differences(triaged.schema, schema)).toEqual([difference])
})

function named(fields: AvroField[], name: string): AvroField {
  const field = fields.find((one) => one.name === name)
  if (field === undefined) throw new Error(name)
  return field
}

function differences(schema: z.ZodType, avro: AvroSchemaJson): string[] {
  return compare(schema, avro, '', namesIn(avro).records)
}

function compare(schema: z.ZodType, avro: AvroSchemaJson, path: string, records: ReadonlyMap<string, AvroComplex>): string[] {
  const shape = shapeOf(schema)
  const nullable = Array.isArray(avro)
  if (nullable !== shape.nullable) return [`${path}: null only in ${nullable ? 'Avro' : 'zod'}`]
  const inner: AvroSchemaJson = nullable ? avro[1] : avro
  const type = typeof inner === 'string' ? (records.get(inner) ?? inner) : (inner as AvroComplex)
  const name = typeof type === 'string' ? type : type.type
  const expected = { object: 'record', text: 'string', choice: 'string' }[shape.kind.is as string] ?? shape.kind.is
  if (name !== expected) return [`${path}: ${expected} is not ${name}`]
  if (typeof type === 'string') return []
  if (shape.kind.is === 'object') return compareFields(shape.kind.fields, type.fields ?? [], path, records)
  if (shape.kind.is === 'array') return compare(shape.kind.items, type.items ?? 'nothing', `${path}[]`, records)
  return shape.kind.is === 'map' ? compare(shape.kind.values, type.values ?? 'nothing', `${path}[…]`, records) : []
}

function compareFields(
  ours: ReadonlyMap<string, z.ZodType>,
  theirs: readonly AvroField[],
  path: string,
  records: ReadonlyMap<string, AvroComplex>,
): string[] {
  const at = (name: string) => (path === '' ? name : `${path}.${name}`)
  const onlyZod = [...ours.keys()]
    .filter((name) => !theirs.some((field) => field.name === name))
    .map((name) => `${at(name)}: only in zod`)
  return theirs
    .flatMap((field) => {
      const schema = ours.get(field.name)
      if (schema === undefined) return [`${at(field.name)}: only in Avro`]
      const fallback = shapeOf(schema).default
      const [zod, avro] = [JSON.stringify(fallback), JSON.stringify(field.default)]
      const wrong = zod === avro ? [] : [`${at(field.name)}: default ${zod} is not ${avro}`]
      return [...wrong, ...compare(schema, field.type, at(field.name), records)]
    })
    .concat(onlyZod)
}

/** Every record by its name, and every field of all of them. */
function namesIn(schema: AvroSchemaJson): { records: Map<string, AvroComplex>; fields: AvroField[] } {
  const records = new Map<string, AvroComplex>()
  const visit = (type: AvroSchemaJson | undefined): void => {
    if (type === undefined || typeof type === 'string') return
    if (Array.isArray(type)) return type.forEach(visit)
    const complex = type as AvroComplex
    if (complex.name !== undefined) records.set(complex.name, complex)
    for (const part of [complex.items, complex.values, ...(complex.fields ?? []).map((field) => field.type)]) visit(part)
  }
  visit(schema)
  return { records, fields: [...records.values()].flatMap((record) => record.fields ?? []) }
}
