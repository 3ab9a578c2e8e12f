import type { Batch } from 'kafkajs'
import { expect, test } from 'vitest'
import { checkStart, createFeed, toRecords } from './feed.ts'

const feedAt = (position: number) => createFeed({ topic: 'topic', partition: 0 }, position)
const batchFrom = (fetchedOffset: number): Batch => ({ fetchedOffset: `${fetchedOffset}` }) as unknown as Batch

test('a batch that goes on where the last one ended is next', () => {
  expect(checkStart(feedAt(5), batchFrom(5))).toBe('next')
})

test('a batch fetched before a rebalance is not handed over', () => {
  const feed = feedAt(5)
  expect(checkStart(feed, batchFrom(9))).toBe('elsewhere')
  expect(checkStart(feed, batchFrom(5))).toBe('next')
})

test('a position that the log has no more gives way to where the log starts', () => {
  const feed = feedAt(100)
  expect([checkStart(feed, batchFrom(0)), checkStart(feed, batchFrom(0))]).toEqual(['elsewhere', 'moved'])
})

test('a header without a value is an empty one', () => {
  const message = { offset: '0', key: null, value: null, timestamp: '1', headers: { a: null, b: 'text' } }
  const batch = { topic: 'topic', partition: 0, messages: [message] } as unknown as Batch
  expect(toRecords(batch)[0]?.headers).toEqual({ a: Buffer.alloc(0), b: Buffer.from('text') })
})
