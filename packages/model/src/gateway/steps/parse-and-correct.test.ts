import { createVirtualClock } from '@concord/testing'
import { expect, test } from 'vitest'
import type { Reply } from '../../reply.ts'
import { aTarget, anAsk, good, listen, says } from '../testing.ts'
import { parseAndCorrect } from './parse-and-correct.ts'

const clock = createVirtualClock()

function setup(replies: Reply[], maxOutputTokens?: number) {
  const { events, onEvent } = listen()
  const ask = anAsk(clock, aTarget('main/large'), { maxOutputTokens })
  const caps: (number | undefined)[] = []
  let given = 0
  const next = async () => (caps.push(ask.maxOutputTokens), { reply: replies[given++] ?? expect.fail('it was asked too often') })
  return { ask, run: () => parseAndCorrect(onEvent)(ask, next), events, caps }
}

test('an answer that fits is asked for once', async () => {
  const { ask, run, events } = setup([good])
  await expect(run()).resolves.toEqual({ reply: good, value: { n: 1 } })
  expect(ask.messages.map(({ role }) => role)).toEqual(['system', 'user'])
  expect(events).toEqual([])
})

test.each<[string, Reply, RegExp]>([
  ['of a wrong type', says('{"n":"one"}'), /- n: .*number/],
  ['without JSON', says('I would say one.'), /holds no complete JSON/],
  ['with half of the JSON', says('{"n":'), /holds no complete JSON/],
  ['that is empty', says('', { kind: 'empty' }), /It was empty/],
  ['that was cut off', says('{"n":1}', { kind: 'truncated' }), /cut off .* Be briefer/],
])('an answer %s is asked for again, with what is wrong quoted', async (_, bad, said) => {
  const { ask, run, events } = setup([bad, good])
  await expect(run()).resolves.toMatchObject({ value: { n: 1 } })
  expect(ask.messages.at(-1)).toMatchObject({ role: 'user', content: expect.stringMatching(said) })
  expect(events).toMatchObject([{ kind: 'correction', target: 'main/large' }])
})

test('JSON within prose is found', async () => {
  const { run } = setup([says('Gladly: {"n":1}. Anything else?')])
  await expect(run()).resolves.toMatchObject({ value: { n: 1 } })
})

test('a refusal is final', async () => {
  const { run } = setup([says('', { kind: 'refused' })])
  await expect(run()).rejects.toMatchObject({ code: 'model_refused', retryable: false })
})

test('after the third unusable answer it gives up', async () => {
  const bad = says('{"n":"private"}')
  const { run } = setup([bad, bad, bad])
  await expect(run()).rejects.toMatchObject({ code: 'model_invalid_answer', message: expect.not.stringContaining('private') })
})

test('an answer that was cut off may be twice as long the next time', async () => {
  const cut = says('', { kind: 'truncated' })
  const { run, caps } = setup([cut, says('{}'), good], 50)
  await run()
  expect(caps).toEqual([50, 100, 100])
})
