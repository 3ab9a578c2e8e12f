import { createVirtualClock } from '@concord/testing'
import { expect, test } from 'vitest'
import type { Answer, Ask } from '../ask.ts'
import { aTarget, anAsk, good } from '../testing.ts'
import { deadline } from './deadline.ts'

/** As an endpoint that never answers: rejects when its signal aborts. */
const hang = (ask: Ask) => (): Promise<Answer> =>
  new Promise((_, reject) => ask.signal.addEventListener('abort', () => reject(new Error('cut off'))))

test('a request that takes longer than its time is cut off, and may be tried again', async () => {
  const clock = createVirtualClock()
  const ask = anAsk(clock, aTarget('main/large', undefined, { requestTimeoutMs: 2_000 }))
  const ended = deadline(clock)(ask, hang(ask)).catch((error: unknown) => error)
  await clock.advance(1_999)
  expect(ask.signal.aborted).toBe(false)
  await clock.advance(1)
  expect(await ended).toMatchObject({ code: 'model_unavailable', retryable: true })
  expect(ask.signal).toBe(ask.limit.signal)
  expect(ask.signal.aborted).toBe(false)
})

test("the message's deadline cuts it off before that", async () => {
  const clock = createVirtualClock()
  const ask = anAsk(clock, aTarget('main/large', undefined, { requestTimeoutMs: 90_000 }))
  const ended = deadline(clock)(ask, hang(ask)).catch((error: unknown) => error)
  await clock.advance(60_000)
  expect(await ended).toMatchObject({ code: 'deadline_exceeded', retryable: false })
})

test('a request that is answered in time leaves no timer behind', async () => {
  const clock = createVirtualClock()
  const ask = anAsk(clock, aTarget('main/large'))
  await expect(deadline(clock)(ask, async () => ({ reply: good }))).resolves.toEqual({ reply: good })
  ask.limit[Symbol.dispose]()
  expect(await clock.step()).toBe(false)
})
