import { createVirtualClock } from '@concord/testing'
import { expect, test } from 'vitest'
import { perSecond } from './limiter.ts'
import { createLocalLimiter } from './local.ts'
import { testLimiter } from './testing.ts'

testLimiter('the limiter of one process', async (rate) => {
  const clock = createVirtualClock()
  return { limiter: createLocalLimiter(rate, { clock }), now: clock.now, elapse: (ms) => clock.advance(ms) }
})

test('a permit comes back to the millisecond', async () => {
  const clock = createVirtualClock(0)
  const limiter = createLocalLimiter(perSecond(2), { clock })
  const times: number[] = []
  const take = () => void limiter.acquire(new AbortController().signal).then(() => times.push(clock.now()))
  take()
  await clock.advance(400)
  for (let n = 0; n < 4; n++) take()
  await clock.advance(5_000)
  expect(times).toEqual([0, 400, 1_000, 1_400, 2_000])
})

test.each([
  [0, 1_000],
  [0.5, 1_000],
  [1, 0],
  [Number.NaN, 1_000],
  [1, Infinity],
])('a rate of %d permits per %d ms is refused', (permits, perMs) => {
  expect(() => createLocalLimiter({ permits, perMs })).toThrow(/invalid_config: a rate of/)
})
