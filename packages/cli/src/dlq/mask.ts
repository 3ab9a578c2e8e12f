/** A message with what its schema calls personal left out. */
import type { AvroSchemaJson } from '@concord/contracts'

/** Stands for what is not shown. */
const hidden = '(personal)'

type Record = Extract<AvroSchemaJson, { type: string }>

/** @param value as Avro reads it. Whatever the schema does not name is hidden too. */
export function maskPersonal(schema: AvroSchemaJson, value: unknown): unknown {
  return mask(schema, value, namedTypes(schema, new Map()))
}

function mask(schema: AvroSchemaJson, value: unknown, names: ReadonlyMap<string, Record>): unknown {
  if (value === null || value === undefined) return null
  if (isUnion(schema)) {
    const [branch, other] = schema.filter((one) => one !== 'null')
    return branch === undefined || other !== undefined ? hidden : mask(branch, value, names)
  }
  const type = typeof schema === 'string' ? (names.get(schema) ?? schema) : schema
  if (typeof type === 'string') return value
  if (type.fields !== undefined) return maskRecord(type.fields, value as { [name: string]: unknown }, names)
  if (type.items !== undefined) return (value as unknown[]).map((item) => mask(type.items as AvroSchemaJson, item, names))
  if (type.values !== undefined) {
    const entries = Object.entries(value).map(([name, one]) => [name, mask(type.values as AvroSchemaJson, one, names)])
    return Object.fromEntries(entries)
  }
  return value
}

function maskRecord(
  fields: NonNullable<Record['fields']>,
  value: { [name: string]: unknown },
  names: ReadonlyMap<string, Record>,
) {
  const entries = fields.map(({ name, type, sensitivity }) => {
    const one = value[name] ?? null
    return [name, sensitivity === undefined || one === null ? mask(type, one, names) : hidden]
  })
  return Object.fromEntries(entries) as unknown
}

/** A type is defined where it first stands, and named from then on: with its namespace or without. */
function namedTypes(schema: AvroSchemaJson, names: Map<string, Record>): Map<string, Record> {
  if (isUnion(schema)) for (const branch of schema) namedTypes(branch, names)
  else if (typeof schema !== 'string') {
    if (schema.name !== undefined) {
      names.set(schema.name, schema)
      names.set(`${schema.namespace ?? 'concord'}.${schema.name}`, schema)
    }
    for (const { type } of schema.fields ?? []) namedTypes(type, names)
    if (schema.items !== undefined) namedTypes(schema.items, names)
    if (schema.values !== undefined) namedTypes(schema.values, names)
  }
  return names
}

/** A type guard, because `Array.isArray` does not narrow a read-only list. */
const isUnion = (schema: AvroSchemaJson): schema is readonly AvroSchemaJson[] => Array.isArray(schema)
