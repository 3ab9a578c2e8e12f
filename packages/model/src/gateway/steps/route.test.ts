import { createVirtualClock } from '@concord/testing'
import { expect, test } from 'vitest'
import type { Ask, Stopper } from '../ask.ts'
import type { Route, RouteQuery } from '../routes.ts'
import { aTarget, anAsk, fault, good, listen } from '../testing.ts'
import { route } from './route.ts'

const clock = createVirtualClock()
const large = aTarget('main/large')
const small = aTarget('main/small')
const second = aTarget('second/large')

function setup(faults: Record<string, Error | undefined>, targets: Route['targets'] = [large, small, second]) {
  const { events, onEvent } = listen()
  const queries: RouteQuery[] = []
  const tried: string[] = []
  const ask = anAsk(clock)
  const pick = (query: RouteQuery): Route => (queries.push(query), { name: 'default', targets, shadow: null })
  const step = route(() => ({ pick }), onEvent)
  const next = async () => {
    tried.push(ask.target!.id)
    const error = faults[ask.target!.id]
    if (error) throw error
    return { reply: good }
  }
  return { ask, run: (instead = next) => step(ask, instead), events, queries, tried }
}

test('a call goes to the first target of its route, chosen by prompt, priority and level', async () => {
  const { ask, run, queries, tried } = setup({})
  Object.assign(ask.request.call, { priority: 'urgent', level: 1 })
  await run()
  expect(queries).toEqual([{ prompt: 'triage', priority: 'urgent', level: 1 }])
  expect(tried).toEqual(['main/large'])
  expect(ask).toMatchObject({ spare: 2, fallbacks: [] })
})

test('a target that fails is left for the next, with the reason', async () => {
  const { ask, run, events, tried } = setup({
    'main/large': fault('model_unavailable'),
    'main/small': fault('model_rejected_request', false),
  })
  await run()
  expect(tried).toEqual(['main/large', 'main/small', 'second/large'])
  expect(ask.fallbacks).toEqual(['main/large: model_unavailable', 'main/small: model_rejected_request'])
  expect(events).toContainEqual({ kind: 'fallback', target: 'main/large', reason: 'model_unavailable' })
})

test.each<Stopper>(['breaker', 'bulkhead'])('a target that was stopped by its %s is left for that reason', async (by) => {
  const { ask, run } = setup({})
  await run(async () => {
    if (ask.target !== large) return { reply: good }
    ask.stoppedBy = by
    throw fault('model_unavailable')
  })
  expect(ask.fallbacks).toEqual([`main/large: ${by}`])
  expect(ask.stoppedBy).toBeNull()
})

test('after the last target the fault is the last one', async () => {
  const { ask, run } = setup({ 'main/large': fault('model_unavailable'), 'main/small': fault('model_rate_limited') }, [
    large,
    small,
  ])
  await expect(run()).rejects.toMatchObject({ code: 'model_rate_limited' })
  expect(ask.fallbacks).toEqual(['main/large: model_unavailable'])
})

test.each(['model_refused', 'model_invalid_answer', 'internal'] as const)('%s is final', async (code) => {
  const { run, tried } = setup({ 'main/large': fault(code) })
  await expect(run()).rejects.toMatchObject({ code })
  expect(tried).toEqual(['main/large'])
})

test('a correction starts with the target that gave the answer', async () => {
  const { run, tried, queries } = setup({ 'main/large': fault('model_unavailable') })
  await run()
  await run()
  expect(tried).toEqual(['main/large', 'main/small', 'main/small'])
  expect(queries).toHaveLength(1)
})

test('a prompt that cannot fit is not sent', async () => {
  const narrow = aTarget('main/large', undefined, { contextWindow: 10 })
  const { ask, run, tried, events } = setup({}, [narrow, small])
  ask.messages.push({ role: 'user', content: 'word '.repeat(100) })
  await run()
  expect(tried).toEqual(['main/small'])
  expect(ask.fallbacks).toEqual(['main/large: context'])
  expect(events).toContainEqual({ kind: 'stopped', target: 'main/large', by: 'context' })
})

test('once the deadline has passed, no other target is tried', async () => {
  const own = createVirtualClock()
  const { ask, run, tried } = setup({ 'main/large': fault('model_unavailable') })
  const ended: Partial<Ask> = { limit: { ...anAsk(own).limit, signal: AbortSignal.abort(fault('deadline_exceeded', false)) } }
  Object.assign(ask, ended)
  await expect(run()).rejects.toThrow()
  expect(tried).toEqual(['main/large'])
})
