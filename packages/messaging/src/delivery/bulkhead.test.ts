import { expect, test } from 'vitest'
import { createBulkhead } from './bulkhead.ts'

test('who comes beyond the limit waits until another leaves', () => {
  let room = 0
  const bulkhead = createBulkhead(2, () => room++)
  const [first, second, third] = [1, 2, 3].map(() => bulkhead.tryEnter())
  expect([first, second, third].map((leave) => typeof leave)).toEqual(['function', 'function', 'object'])
  first?.()
  expect([room, bulkhead.running()]).toEqual([1, 1])
  expect(bulkhead.tryEnter()).not.toBeNull()
})

test('who leaves twice gives one place back', () => {
  const bulkhead = createBulkhead(2, () => {})
  const leave = bulkhead.tryEnter()
  bulkhead.tryEnter()
  leave?.()
  leave?.()
  expect(bulkhead.running()).toBe(1)
})
