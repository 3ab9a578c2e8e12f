import { Fault } from '@concord/contracts'
import { createVirtualClock } from '@concord/testing'
import { APIError } from 'openai'
import { expect, test } from 'vitest'
import { defaultRetries, retrying } from './retry.ts'

const down = () => new Fault('model_unavailable', 'down', { retryable: true })
const limited = (seconds: number) => APIError.generate(429, {}, undefined, new Headers({ 'retry-after': `${seconds}` }))

/** Fails with `errors` in turn, then succeeds; waiting moves the clock. */
function setup(errors: unknown[], within = 60_000) {
  const virtual = createVirtualClock()
  const waits: number[] = []
  const clock = { ...virtual, sleep: (ms: number) => (waits.push(ms), virtual.advance(ms)) }
  const left = [...errors]
  const attempt = async () => {
    if (left.length > 0) throw left.shift()
    return 'done'
  }
  const run = () =>
    retrying(attempt, {
      clock,
      random: () => 0.5,
      policy: defaultRetries,
      deadline: clock.now() + within,
      signal: new AbortController().signal,
    })
  return { run, waits, left }
}

test('retryable faults are retried with growing jittered waits', async () => {
  const { run, waits } = setup([down(), down(), down()])
  await expect(run()).resolves.toBe('done')
  expect(waits).toEqual([125, 250, 500])
})

test('it gives up after the last retry, with the last fault', async () => {
  const { run, waits, left } = setup([down(), down(), down(), down(), down()])
  await expect(run()).rejects.toMatchObject({ code: 'model_unavailable' })
  expect(waits).toHaveLength(3)
  expect(left).toHaveLength(1)
})

test('the wait that the endpoint asks for is kept', async () => {
  const { run, waits } = setup([limited(7)])
  await expect(run()).resolves.toBe('done')
  expect(waits).toEqual([7000])
})

test('a wait that would pass the deadline is not begun', async () => {
  const { run, waits } = setup([limited(7)], 5_000)
  await expect(run()).rejects.toMatchObject({ code: 'model_rate_limited', retryable: true })
  expect(waits).toEqual([])
})

test('other faults are not retried', async () => {
  const { run, left } = setup([new Fault('model_rejected_request', 'no'), down()])
  await expect(run()).rejects.toMatchObject({ code: 'model_rejected_request' })
  expect(left).toHaveLength(1)
})
