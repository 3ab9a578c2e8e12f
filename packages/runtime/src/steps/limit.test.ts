import { expect, test } from 'vitest'
import { createLocalLimiter, perSecond } from '../limiter/index.ts'
import { aNext, aWork, pieces } from '../testing/pieces.ts'
import { limit } from './limit.ts'

test('work waits for its permit, and the wait is measured', async () => {
  const { shell, bench } = await pieces()
  const step = limit(shell, createLocalLimiter(perSecond(1), { clock: bench.clock }))
  const { next, calls } = aNext()
  const both = Promise.all([step(aWork(), next), step(aWork(), next)])
  await bench.pass()
  expect(calls()).toBe(1)
  await bench.pass(1_000)
  await both
  expect(calls()).toBe(2)
})

test('a wait ends with the signal', async () => {
  const { shell, bench } = await pieces()
  const step = limit(shell, createLocalLimiter(perSecond(1), { clock: bench.clock }))
  await step(aWork(), aNext().next)
  const late = new AbortController()
  const waiting = step(aWork({ signal: late.signal }), aNext().next)
  late.abort(new Error('late'))
  await expect(waiting).rejects.toThrow('late')
})
