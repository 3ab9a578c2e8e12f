import { createVirtualClock } from '@concord/testing'
import { expect, test } from 'vitest'
import { aTarget, anAsk, fault, good, listen } from '../testing.ts'
import { defaultRetries, retry } from './retry.ts'

const down = () => fault('model_unavailable')

/** Fails with `errors` in turn, then succeeds; waiting moves the clock. */
function setup(errors: Error[], { spare = 0, retryAfterMs }: { spare?: number; retryAfterMs?: number } = {}) {
  const virtual = createVirtualClock()
  const waits: number[] = []
  const clock = { ...virtual, sleep: (ms: number) => (waits.push(ms), virtual.advance(ms)) }
  const left = [...errors]
  const { events, onEvent } = listen()
  const ask = anAsk(clock, aTarget('main/large'), { spare })
  const next = async () => {
    const error = left.shift()
    if (error === undefined) return { reply: good }
    ask.retryAfterMs = retryAfterMs
    throw error
  }
  const step = retry({ clock, random: () => 0.5, policy: defaultRetries }, onEvent)
  return { ask, run: () => step(ask, next), waits, left, events }
}

test('retryable faults are retried with growing jittered waits', async () => {
  const { run, waits, events } = setup([down(), down(), down()])
  await expect(run()).resolves.toEqual({ reply: good })
  expect(waits).toEqual([125, 250, 500])
  expect(events[0]).toEqual({ kind: 'retry', target: 'main/large', code: 'model_unavailable', afterMs: 125 })
})

test('it gives up after the last retry, with the last fault', async () => {
  const { run, waits, left } = setup([down(), down(), down(), fault('model_rate_limited'), down()])
  await expect(run()).rejects.toMatchObject({ code: 'model_rate_limited' })
  expect(waits).toHaveLength(3)
  expect(left).toHaveLength(1)
})

test('the wait that the endpoint asks for is kept', async () => {
  const { run, waits } = setup([fault('model_rate_limited')], { retryAfterMs: 7_000 })
  await run()
  expect(waits).toEqual([7_000])
})

test('a wait that would pass the deadline is not begun', async () => {
  const { run, waits } = setup([fault('model_rate_limited')], { retryAfterMs: 61_000 })
  await expect(run()).rejects.toMatchObject({ code: 'model_rate_limited', retryable: true })
  expect(waits).toEqual([])
})

test('where another target is left, a long wait is not begun', async () => {
  const long = setup([fault('model_rate_limited')], { spare: 1, retryAfterMs: 7_000 })
  await expect(long.run()).rejects.toMatchObject({ code: 'model_rate_limited' })
  const short = setup([fault('model_rate_limited')], { spare: 1, retryAfterMs: 1_000 })
  await expect(short.run()).resolves.toEqual({ reply: good })
})

test('where another target is left, a try that took long is not made again', async () => {
  const clock = createVirtualClock()
  const ask = anAsk(clock, aTarget('main/large'), { spare: 1 })
  let tries = 0
  const slow = async () => {
    tries += 1
    await clock.advance(2_000)
    throw down()
  }
  const step = retry({ clock, random: () => 0, policy: defaultRetries }, () => {})
  await expect(step(ask, slow)).rejects.toMatchObject({ code: 'model_unavailable' })
  expect(tries).toBe(1)
})

test('other faults are not retried', async () => {
  const { run, left } = setup([fault('model_rejected_request', false), down()])
  await expect(run()).rejects.toMatchObject({ code: 'model_rejected_request' })
  expect(left).toHaveLength(1)
})

test('what another step has stopped is not retried', async () => {
  const { ask, run, waits } = setup([down()])
  ask.stoppedBy = 'breaker'
  await expect(run()).rejects.toMatchObject({ code: 'model_unavailable' })
  expect(waits).toEqual([])
})
