import { expect, test } from 'vitest'
import { createBulkhead } from './bulkhead.ts'

test('a task beyond the limit is not started, until another ends', async () => {
  let room = 0
  const bulkhead = createBulkhead(2, () => room++)
  const gate = Promise.withResolvers<void>()
  const starts = [1, 2, 3].map(() => bulkhead.tryRun(() => gate.promise))
  expect(starts).toEqual([true, true, false])
  gate.resolve()
  await expect.poll(() => room).toBe(2)
  expect(bulkhead.running()).toBe(0)
})
