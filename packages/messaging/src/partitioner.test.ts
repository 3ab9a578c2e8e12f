import { createRequire } from 'node:module'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { murmur2, partitionOf } from './partitioner.ts'

const reference = createRequire(import.meta.url)('kafkajs/src/producer/partitioners/default/murmur2') as (key: Buffer) => number

test.for([
  ['21', -973932308],
  ['foobar', -790332482],
  ['a-little-bit-long-string', -985981536],
  ['a-little-bit-longer-string', -1486304829],
  ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
  ['abc', 479470107],
] as const)('murmur2 of %s is what Java clients compute', ([key, hash]) => {
  expect(murmur2(Buffer.from(key))).toBe(hash)
})

test('murmur2 agrees with the client on any key', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      expect(murmur2(bytes)).toBe(reference(Buffer.from(bytes)))
    }),
  )
})

test('a key stays in range and in one place', () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 1, max: 50 }), (key, partitions) => {
      const partition = partitionOf(key, partitions)
      expect(partition).toBeGreaterThanOrEqual(0)
      expect(partition).toBeLessThan(partitions)
      expect(partitionOf(Buffer.from(key), partitions)).toBe(partition)
    }),
  )
})
