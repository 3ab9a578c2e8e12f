import { expect, test } from 'vitest'
import type { AvroField, AvroSchemaJson } from './avro.ts'
import { loadSchemas } from './schemas.ts'
import { whyNotAfter } from './schema-compat.ts'

const record = (...fields: AvroField[]): AvroSchemaJson => ({ type: 'record', name: 'A', namespace: 'concord', fields })
const id: AvroField = { name: 'id', type: 'string' }
const note: AvroField = { name: 'note', type: ['null', 'string'], default: null }
const inner = (...fields: AvroField[]): AvroField => ({
  name: 'parts',
  type: { type: 'array', items: { type: 'record', name: 'Part', fields } },
})

test('every contract file keeps the rules', () => {
  for (const { subject, current, earlier } of loadSchemas().subjects) expect(whyNotAfter(current, earlier), subject).toEqual([])
})

test.each([
  ['itself', record(id), [record(id)]],
  ['one without its new field with a default', record(id, note), [record(id)]],
  ['one with a field more that had a default', record(id), [record(id, note)]],
  ['one with other words', { ...(record(id) as object), doc: 'other' } as AvroSchemaJson, [record(id)]],
  ['two, each in its own way', record(id, note), [record(id), record(id, { name: 'old', type: 'int', default: 0 })]],
  ['one whose inner record lacked a field with a default', record(inner(id, note)), [record(inner(id))]],
])('a schema may follow %s', (_, next, before) => {
  expect(whyNotAfter(next, before)).toEqual([])
})

test.each([
  ['a new field without a default', record(id, { name: 'n', type: 'int' }), record(id), ['n is new and has no default']],
  [
    'a field removed that had no default',
    record(id),
    record(id, { name: 'n', type: 'int' }),
    ['n was removed, but readers of the earlier version need it: it had no default'],
  ],
  ['another type', record({ name: 'id', type: 'int' }), record(id), ['id was string and is int']],
  [
    'a wider type, which old readers cannot read',
    record({ name: 'id', type: 'long' }),
    record({ name: 'id', type: 'int' }),
    ['id was int and is long'],
  ],
  [
    'null where there was none',
    record({ name: 'id', type: ['null', 'string'], default: null }),
    record(id),
    ['id was string and is [null, string]'],
  ],
  ['another branch', record({ ...note, type: ['null', 'int'] }), record(note), ['note was string and is int']],
  [
    'another item',
    record({ name: 'l', type: { type: 'array', items: 'int' } }),
    record({ name: 'l', type: { type: 'array', items: 'string' } }),
    ['l[] was string and is int'],
  ],
  [
    'an inner field without a default',
    record(inner(id, { name: 'n', type: 'int' })),
    record(inner(id)),
    ['parts[].n is new and has no default'],
  ],
  ['another name', { type: 'record', name: 'B', fields: [] }, record(), ['the record was concord.A and is B']],
])('a schema may not follow one with %s', (_, next, before, reasons) => {
  expect(whyNotAfter(next, [before])).toEqual(reasons)
})

test('transitive means every version before it, not the last alone', () => {
  const first = record(id)
  const second = record(id, { name: 'n', type: 'int', default: 0 })
  const third = record(id, { name: 'n', type: 'int' })
  expect(whyNotAfter(third, [second])).toEqual([])
  expect(whyNotAfter(third, [first, second])).toEqual(['n is new and has no default'])
})

test.each([
  [
    'an enum',
    record({ name: 'mood', type: { type: 'enum', name: 'Mood', symbols: ['FINE'] } }),
    'mood is an enum, which could never grow: use a string',
  ],
  ['another union', record({ name: 'x', type: ['string', 'int'] }), 'x is a union other than [null, …]'],
  ['null in the second place', record({ name: 'x', type: ['string', 'null'] }), 'x is a union other than [null, …]'],
  [
    'a nullable field without a default',
    record({ name: 'x', type: ['null', 'string'] }),
    'x is nullable but its default is not null',
  ],
  [
    'an enum deep inside',
    record(inner({ name: 'mood', type: { type: 'enum', name: 'Mood', symbols: ['FINE'] } })),
    'parts[].mood is an enum, which could never grow: use a string',
  ],
])('a first version may not hold %s', (_, schema, reason) => {
  expect(whyNotAfter(schema, [])).toContain(reason)
})
