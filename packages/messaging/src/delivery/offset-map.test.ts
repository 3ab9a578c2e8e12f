import fc from 'fast-check'
import { expect, test } from 'vitest'
import { maxMetadataBytes } from '../record-check.ts'
import { decodeOffsetMap, encodeOffsetMap } from './offset-map.ts'

test('a map survives its encoding', () => {
  const maps = fc.record({
    from: fc.nat(1_000_000),
    gaps: fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 500 }),
    tail: fc.integer({ min: 1, max: 5_000 }),
  })
  fc.assert(
    fc.property(maps, ({ from, gaps, tail }) => {
      const incomplete = gaps.slice(1).reduce((offsets, gap) => [...offsets, (offsets.at(-1) ?? from) + gap], [from])
      const map = { incomplete, highestDone: (incomplete.at(-1) ?? from) + tail }
      const metadata = encodeOffsetMap(from, map)
      expect(metadata.length).toBeLessThanOrEqual(maxMetadataBytes)
      expect(decodeOffsetMap(from, metadata)).toEqual(map)
    }),
  )
})

test('nothing done above the watermark is said with nothing', () => {
  expect(encodeOffsetMap(10, { highestDone: 9, incomplete: [] })).toBe('')
  expect(encodeOffsetMap(10, { highestDone: 9, incomplete: [10, 11] })).toBe('')
})

test.for(['', 'a note of another client', '{"json":true}', 'done1:', 'done1:/w=='])(
  'metadata of another origin is ignored: %s',
  (metadata) => {
    expect(decodeOffsetMap(0, metadata)).toBeNull()
  },
)
