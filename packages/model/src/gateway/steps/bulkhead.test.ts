import { createVirtualClock } from '@concord/testing'
import { expect, test } from 'vitest'
import type { Answer, Ask } from '../ask.ts'
import { aTarget, anAsk, good, listen } from '../testing.ts'
import { bulkhead } from './bulkhead.ts'

const clock = createVirtualClock()

function setup(most: number, waiting: number) {
  const { events, onEvent } = listen()
  const step = bulkhead(onEvent)
  const target = aTarget('main/large', undefined, { atOnce: { most, waiting } })
  const entered: string[] = []
  const start = (name: string, ask: Ask = anAsk(clock, target)) => {
    const gate = Promise.withResolvers<Answer>()
    const ended = step(ask, () => (entered.push(name), gate.promise))
    ended.catch(() => {})
    return { ask, ended, finish: () => gate.resolve({ reply: good }), fail: () => gate.reject(new Error('down')) }
  }
  return { start, entered, events, step }
}

test('so many run at once, and who waits enters in order as others leave, however they leave', async () => {
  const { start, entered } = setup(2, 2)
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => start(name))
  expect(entered).toEqual(['a', 'b'])
  a!.fail()
  await expect(a!.ended).rejects.toThrow('down')
  expect(entered).toEqual(['a', 'b', 'c'])
  b!.finish()
  await b!.ended
  expect(entered).toEqual(['a', 'b', 'c', 'd'])
  c!.finish()
  d!.finish()
  await Promise.all([c!.ended, d!.ended])
  start('e')
  expect(entered.at(-1)).toBe('e')
})

test('whoever finds no place to wait is stopped, with the reason', async () => {
  const { start, entered, events } = setup(1, 0)
  start('a')
  const refused = start('b')
  await expect(refused.ended).rejects.toMatchObject({ code: 'model_unavailable', retryable: true })
  expect(refused.ask.stoppedBy).toBe('bulkhead')
  expect(entered).toEqual(['a'])
  expect(events).toEqual([{ kind: 'stopped', target: 'main/large', by: 'bulkhead' }])
})

test('whoever gives up while waiting leaves the line', async () => {
  const { start, entered } = setup(1, 1)
  const a = start('a')
  const caller = new AbortController()
  const b = start('b', { ...a.ask, signal: caller.signal })
  caller.abort(new Error('given up'))
  await expect(b.ended).rejects.toThrow('given up')
  const c = start('c')
  a.finish()
  await a.ended
  c.finish()
  await c.ended
  expect(entered).toEqual(['a', 'c'])
})

test('a target without a bound is passed through', async () => {
  const { step } = setup(1, 0)
  const ask = anAsk(clock, aTarget('main/free'))
  const never = new Promise<Answer>(() => {})
  for (let calls = 0; calls < 5; calls++) void step(ask, () => never)
  await expect(step(ask, async () => ({ reply: good }))).resolves.toEqual({ reply: good })
})
