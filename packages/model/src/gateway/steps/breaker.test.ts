import { createVirtualClock } from '@concord/testing'
import { expect, test } from 'vitest'
import { createBreakers, defaultBreaker } from '../breakers.ts'
import { aTarget, anAsk, fault, good, listen } from '../testing.ts'
import { breaker } from './breaker.ts'

function setup() {
  const clock = createVirtualClock()
  const { events, onEvent } = listen()
  const breakers = createBreakers({ clock, policy: { ...defaultBreaker, failures: 1 } })
  const step = breaker(breakers, clock, onEvent)
  const ask = anAsk(clock, aTarget('main/large'))
  const failing = (error: Error, tookMs = 0) =>
    step(ask, async () => {
      await clock.advance(tookMs)
      throw error
    }).catch((thrown: unknown) => thrown)
  return { step, ask, failing, events, breakers, clock }
}

test('nothing is sent while the breaker is open, with the reason', async () => {
  const { step, ask, failing, events } = setup()
  const down = fault('model_unavailable')
  expect(await failing(down)).toBe(down)
  expect(ask).toMatchObject({ breaker: 'closed', stoppedBy: null })
  await expect(step(ask, () => expect.fail('it was sent'))).rejects.toMatchObject({
    code: 'model_unavailable',
    retryable: true,
    message: expect.stringContaining('the breaker of main/large is open'),
  })
  expect(ask).toMatchObject({ breaker: 'open', stoppedBy: 'breaker' })
  expect(events).toEqual([{ kind: 'stopped', target: 'main/large', by: 'breaker' }])
})

test.each([
  ['model_unavailable', 0, 'open'],
  ['model_rate_limited', 0, 'open'],
  ['deadline_exceeded', 5_000, 'open'],
  ['deadline_exceeded', 4_999, 'closed'],
  ['model_rejected_request', 0, 'closed'],
  ['aborted', 9_000, 'closed'],
] as const)('%s after %i ms leaves the breaker %s', async (code, tookMs, state) => {
  const { failing, breakers } = setup()
  await failing(fault(code), tookMs)
  expect(breakers.state('main/large')).toBe(state)
})

test('a call that succeeds while half-open helps to close it', async () => {
  const { step, ask, failing, breakers, clock } = setup()
  await failing(fault('model_unavailable'))
  await clock.advance(30_000)
  for (let probe = 0; probe < 3; probe++) {
    await step(ask, async () => ({ reply: good }))
    expect(ask.breaker).toBe('half-open')
  }
  expect(breakers.state('main/large')).toBe('closed')
})

test('without breakers every request is sent, and none is recorded', async () => {
  const { ask, clock } = setup()
  await expect(breaker(undefined, clock, () => {})(ask, async () => ({ reply: good }))).resolves.toEqual({ reply: good })
  expect(ask.breaker).toBeNull()
})
