import { createVirtualClock } from '@concord/testing'
import { expect, test } from 'vitest'
import type { ModelCallRecord } from '../../port.ts'
import { aTarget, anAsk, fault, good, says } from '../testing.ts'
import { record } from './record.ts'

function setup(replies = [good]) {
  const clock = createVirtualClock()
  const records: ModelCallRecord[] = []
  const target = aTarget('main/large')
  const ask = anAsk(clock, target, {
    replies: replies.map((reply) => ({ target, reply })),
    attempts: 2,
    fallbacks: ['second/x: breaker'],
  })
  return { ask, records, clock, step: record(clock.now, (one) => records.push(one)) }
}

test('an answered call is recorded with what it took', async () => {
  const { ask, records, clock, step } = setup([good, says('{}', { model: 'large-2026' })])
  await step(ask, async () => (await clock.advance(70), { reply: good }))
  expect(records).toEqual([ask.record])
  expect(records[0]).toMatchObject({
    outcome: 'ok',
    error: null,
    model: 'large-2026',
    endpoint: 'main',
    attempts: 2,
    inputTokens: 200,
    cachedInputTokens: 80,
    outputTokens: 20,
    latencyMs: 70,
    fallbacks: ['second/x: breaker'],
  })
})

test.each([
  ['model_refused', 'refused'],
  ['model_invalid_answer', 'invalid_answer'],
  ['deadline_exceeded', 'aborted'],
  ['aborted', 'aborted'],
  ['model_unavailable', 'failed'],
] as const)('%s is recorded as %s', async (code, outcome) => {
  const { ask, records, step } = setup()
  await expect(step(ask, () => Promise.reject(fault(code)))).rejects.toMatchObject({ code })
  expect(records).toMatchObject([{ outcome, error: expect.stringContaining(code) }])
})

test('an answer that never fitted because it was cut off is recorded as truncated', async () => {
  const { ask, records, step } = setup([says('', { kind: 'truncated' })])
  await expect(step(ask, () => Promise.reject(fault('model_invalid_answer')))).rejects.toThrow()
  expect(records).toMatchObject([{ outcome: 'truncated' }])
})

test('whatever a call was doing when its deadline passed, the deadline is what ended it', async () => {
  const { ask, records, clock, step } = setup()
  const ended = step(ask, async () => {
    await clock.advance(60_000)
    throw fault('model_unavailable')
  })
  await expect(ended).rejects.toMatchObject({ code: 'deadline_exceeded' })
  expect(records).toMatchObject([{ outcome: 'aborted' }])
})
