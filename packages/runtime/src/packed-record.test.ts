import fc from 'fast-check'
import { expect, test } from 'vitest'
import { PackedRecord, packRecord, unpackRecord } from './packed-record.ts'

const bytes = fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from(array))
const text = fc.string({ unit: 'grapheme', maxLength: 20 })
const headers = fc.dictionary(fc.string({ minLength: 1 }), fc.oneof(text, bytes, fc.array(bytes)))

test('a record comes back from JSON byte for byte', () => {
  const record = fc.record({
    topic: fc.string({ minLength: 1 }),
    key: fc.option(fc.oneof(text, bytes)),
    value: fc.option(bytes),
    headers,
  })
  fc.assert(
    fc.property(record, (one) => {
      const stored: unknown = JSON.parse(JSON.stringify(packRecord(one)))
      expect(unpackRecord(PackedRecord.parse(stored))).toEqual(one)
    }),
  )
})

test('a header may have any name', () => {
  const headers = Object.fromEntries([
    ['__proto__', 'a'],
    ['constructor', 'b'],
  ])
  const stored: unknown = JSON.parse(JSON.stringify(packRecord({ topic: 't', key: null, value: null, headers })))
  expect(Object.entries(unpackRecord(PackedRecord.parse(stored)).headers)).toEqual(Object.entries(headers))
})

test('a record that nobody has stored and read meanwhile is itself again', () => {
  const record = { topic: 'requests', key: 'acme:c-1', value: Buffer.from([0, 1, 2]), headers: { ce_id: 'm-1' } }
  expect(unpackRecord(packRecord(record))).toBe(record)
})
