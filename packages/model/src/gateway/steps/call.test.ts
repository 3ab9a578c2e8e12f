import { createVirtualClock } from '@concord/testing'
import { expect, test } from 'vitest'
import { aTarget, anAsk, fails, good, scripted } from '../testing.ts'
import { call } from './call.ts'

const clock = createVirtualClock()
const nothing = () => expect.fail('there is nothing after the call')

test('one request is sent, with the schema and the smaller of the two caps', async () => {
  const endpoint = scripted(good)
  const ask = anAsk(clock, aTarget('main/large', endpoint, { maxOutputTokens: 300 }), { maxOutputTokens: 500 })
  ask.messages.push({ role: 'system', content: 'Say a number.' })
  await expect(call()(ask, nothing)).resolves.toEqual({ reply: good })
  expect(endpoint.sent).toMatchObject([{ model: 'large', maxOutputTokens: 300, format: { json_schema: { name: 'answer' } } }])
  expect(ask).toMatchObject({ attempts: 1, replies: [{ reply: good }] })
})

test('a model that takes no schema is told of it in words', async () => {
  const endpoint = scripted(good)
  const ask = anAsk(clock, aTarget('main/plain', endpoint, { structured: false }))
  ask.messages.push({ role: 'system', content: 'Say a number.' }, { role: 'user', content: 'one' })
  await call()(ask, nothing)
  expect(endpoint.sent[0]).not.toHaveProperty('format')
  expect(endpoint.sent[0]!.messages[0]?.content).toMatch(
    /^Say a number\.\n\nAnswer with nothing but JSON .*"n":\{"type":"number"\}/s,
  )
  expect(endpoint.sent[0]!.messages[1]?.content).toBe('one')
})

test('a failure is thrown, and the wait that came with it is kept', async () => {
  const ask = anAsk(clock, aTarget('main/large', scripted(fails('model_rate_limited', true, 1_500))))
  await expect(call()(ask, nothing)).rejects.toMatchObject({ code: 'model_rate_limited' })
  expect(ask).toMatchObject({ attempts: 1, retryAfterMs: 1_500, replies: [] })
})

test('nothing is sent once the time is over', async () => {
  const endpoint = scripted(good)
  const ask = anAsk(clock, aTarget('main/large', endpoint), { signal: AbortSignal.abort(new Error('over')) })
  await expect(call()(ask, nothing)).rejects.toThrow('over')
  expect(endpoint.sent).toEqual([])
  expect(ask.attempts).toBe(0)
})
