import type { Batch } from 'kafkajs'
import { expect, test } from 'vitest'
import { checkStart, createFeed } from './feed.ts'

const feedAt = (position: number) => createFeed({ topic: 'topic', partition: 0, committed: null }, position)
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
