import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { avroType } from './avro.ts'
import { flawOf } from './avro-scan.ts'

const type = avroType({
  type: 'record',
  name: 'A',
  fields: [
    { name: 'flag', type: 'boolean' },
    { name: 'count', type: 'long' },
    { name: 'share', type: 'double' },
    { name: 'note', type: ['null', 'string'] },
    {
      name: 'parts',
      type: { type: 'array', items: { type: 'record', name: 'Part', fields: [{ name: 'name', type: 'string' }] } },
    },
    { name: 'tags', type: { type: 'map', values: 'string' } },
  ],
})

const values = fc.record({
  flag: fc.boolean(),
  count: fc.integer({ min: -(2 ** 52), max: 2 ** 52 }),
  share: fc.double({ noNaN: true }),
  note: fc.option(fc.string({ unit: 'binary' })),
  parts: fc.array(fc.record({ name: fc.string({ unit: 'binary' }) })),
  tags: fc.dictionary(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' })),
})

test('what avsc wrote has no flaw, and anything shorter or longer has', () => {
  fc.assert(
    fc.property(values, (value) => {
      const bytes = type.toBuffer(value)
      expect(flawOf(type, bytes)).toBeNull()
      expect(flawOf(type, bytes.subarray(0, bytes.length - 1))).not.toBeNull()
      expect(flawOf(type, Buffer.concat([bytes, Buffer.alloc(1)]))).toBe('1 bytes are left over after the value')
    }),
  )
})

test('bytes without a flaw can be read', () => {
  fc.assert(
    fc.property(values, fc.nat(), fc.integer({ min: 1, max: 255 }), (value, where, change) => {
      const bytes = type.toBuffer(value)
      const at = where % bytes.length
      bytes[at] = (bytes[at] ?? 0) ^ change
      if (flawOf(type, bytes) === null) type.fromBuffer(bytes)
    }),
    { numRuns: 500 },
  )
})

const good = { flag: true, count: 1, share: 0, note: 'n', parts: [{ name: 'p' }], tags: { k: 'v' } }

/** The good value's bytes with one found sequence replaced. */
function broken(find: string | number[], by: number[]): Buffer {
  const bytes = type.toBuffer(good)
  const at = bytes.indexOf(Buffer.from(find as string))
  return Buffer.concat([bytes.subarray(0, at), Buffer.from(by), bytes.subarray(at + find.length)])
}

test.each([
  ['a byte that is no boolean', Buffer.from([2]), 'flag is no boolean'],
  ['an endless integer', broken([0x02], Array<number>(11).fill(0xff)), 'count holds an integer of more than ten bytes'],
  ['an integer beyond 2^52', broken([0x02], [...Array<number>(8).fill(0xff), 0x01]), 'count holds an integer beyond 2^52'],
  ['an unknown branch', broken([0x02, 0x02, 0x6e], [0x04]), 'note has an unknown branch'],
  ['a negative length', broken([0x02, 0x6e], [0x01, 0x6e]), 'note has a negative length'],
  ['a text that is not UTF-8', broken('p', [0xff]), 'parts[].name is not valid UTF-8'],
  ['a key that is not UTF-8', broken('k', [0xff]), 'tags is not valid UTF-8'],
  ['a value that is not UTF-8', broken('v', [0xff]), 'tags[…] is not valid UTF-8'],
  ['nothing', Buffer.alloc(0), 'the bytes end within flag'],
])('%s is named by its field', (_, bytes, flaw) => {
  expect(flawOf(type, bytes)).toBe(flaw)
})

test('a schema that holds itself is not followed for ever', () => {
  const nested = avroType({ type: 'record', name: 'N', fields: [{ name: 'next', type: ['null', 'N'] }] })
  const deep = Buffer.concat([Buffer.alloc(10_000, 0x02), Buffer.from([0])])
  expect(flawOf(nested, deep)).toMatch(/ is nested too deeply$/)
})
