import { expect, test } from 'vitest'
import { KeyQueues } from './key-queues.ts'

function filled(...items: string[]) {
  const queues = new KeyQueues<string>()
  for (const item of items) queues.add(item.charAt(0), item)
  return queues
}

test('a key gives its items in order, one at a time', () => {
  const queues = filled('a1', 'a2')
  expect([queues.take(), queues.take()]).toEqual(['a1', undefined])
  queues.finish('a')
  expect(queues.take()).toBe('a2')
})

test('keys take turns', () => {
  const queues = filled('a1', 'a2', 'a3', 'b1', 'c1')
  const order: (string | undefined)[] = []
  for (let i = 0; i < 5; i++) {
    const item = queues.take()
    order.push(item)
    queues.finish(item?.charAt(0) ?? '')
  }
  expect(order).toEqual(['a1', 'b1', 'c1', 'a2', 'a3'])
})

test('a released head comes again before its successors', () => {
  const queues = filled('a1', 'a2')
  queues.take()
  queues.release('a')
  expect(queues.take()).toBe('a1')
})

test('items are removed, except those that were taken', () => {
  const queues = filled('a1', 'a2', 'a3', 'b1')
  queues.take()
  queues.remove(() => true)
  expect(queues.size()).toBe(0)
  expect(queues.take()).toBeUndefined()
  queues.finish('a')
  queues.add('a', 'a4')
  expect(queues.take()).toBe('a4')
})

test('the size counts what is neither taken nor gone', () => {
  const queues = filled('a1', 'a2', 'b1')
  queues.take()
  expect(queues.size()).toBe(2)
  queues.release('a')
  expect(queues.size()).toBe(3)
  queues.remove((item) => item === 'a1')
  expect(queues.size()).toBe(2)
})
