import fc from 'fast-check'
import { expect, test } from 'vitest'
import { maxMetadataBytes } from '../record-check.ts'
import { decodeOffsetMap, encodeOffsetMap } from './offset-map.ts'

/** At most 500 incomplete offsets, with gaps of any size between them. */
const maps = (mostGap: number) =>
  fc
    .record({
      from: fc.nat(2 ** 40),
      gaps: fc.array(fc.integer({ min: 1, max: mostGap }), { minLength: 1, maxLength: 500 }),
      tail: fc.integer({ min: 1, max: mostGap }),
    })
    .map(({ from, gaps, tail }) => {
      const incomplete = [from]
      for (const gap of gaps.slice(1)) incomplete.push((incomplete.at(-1) ?? from) + gap)
      return { from, map: { incomplete, highestDone: (incomplete.at(-1) ?? from) + tail } }
    })

test.for([2, 300, 70_000, 2 ** 28])(
  'a map of up to 500 incomplete offsets, up to %d apart, fits whole and survives its encoding',
  (mostGap) => {
    fc.assert(
      fc.property(maps(mostGap), ({ from, map }) => {
        const metadata = encodeOffsetMap(from, map)
        expect(metadata.length).toBeLessThanOrEqual(maxMetadataBytes)
        expect(decodeOffsetMap(from, metadata)).toEqual(map)
      }),
    )
  },
)

test('a map that does not fit says less, and nothing that is not so', () => {
  fc.assert(
    fc.property(maps(2 ** 43), ({ from, map }) => {
      const metadata = encodeOffsetMap(from, map)
      expect(metadata.length).toBeLessThanOrEqual(maxMetadataBytes)
      const read = decodeOffsetMap(from, metadata)
      expect(read?.highestDone).toBeLessThanOrEqual(map.highestDone)
      expect(read?.highestDone).toBeGreaterThan(map.incomplete[Math.min(map.incomplete.length, 300) - 1] ?? 0)
      expect(read?.incomplete).toEqual(map.incomplete.filter((offset) => offset <= (read?.highestDone ?? -1)))
    }),
  )
})

test('nothing done above the watermark is said with nothing', () => {
  expect(encodeOffsetMap(10, { highestDone: 9, incomplete: [] })).toBe('')
  expect(encodeOffsetMap(10, { highestDone: 9, incomplete: [10, 11] })).toBe('')
})

test.for(['', 'a note of another client', '{"json":true}', 'done1:', 'done1:/w==', 'done2:AAEB', 'done:AAEB'])(
  'metadata of another origin is ignored: %s',
  (metadata) => {
    expect(decodeOffsetMap(0, metadata)).toBeNull()
  },
)
