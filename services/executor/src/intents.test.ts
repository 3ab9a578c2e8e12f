import { createMemoryStore } from '@concord/store'
import { createVirtualClock } from '@concord/testing'
import { expect, test } from 'vitest'
import { createIntents, type Result } from './intents.ts'

const key = 'acme/req-1/extend_loan/loan:L1'
const done: Result = { status: 'done', message: 'ok', recordVersion: '2' }

function setUp() {
  const clock = createVirtualClock()
  const store = createMemoryStore({ clock })
  return { clock, store, intents: createIntents(store, clock, { holdMs: 1_000, horizonMs: 60_000 }) }
}

test('the first to claim holds the intent', async () => {
  const { clock, intents } = setUp()
  expect(await intents.claim(key, 'a', null)).toEqual({ kind: 'held', version: 1, until: clock.now() + 1_000 })
})

test('of two that claim at once one holds', async () => {
  const { intents } = setUp()
  const claims = await Promise.all([intents.claim(key, 'a', null), intents.claim(key, 'a', null)])
  expect(claims.map(({ kind }) => kind).toSorted()).toEqual(['held', 'taken'])
})

test('a hold is renewed by its holder, and free to others once its time is over', async () => {
  const { clock, intents } = setUp()
  await intents.claim(key, 'a', null)
  expect(await intents.claim(key, 'a', 1)).toMatchObject({ kind: 'held', version: 2 })
  expect(await intents.claim(key, 'a', null)).toMatchObject({ kind: 'taken', version: 2 })
  await clock.advance(1_000)
  expect(await intents.claim(key, 'a', null)).toMatchObject({ kind: 'held', version: 3 })
})

test('a finished intent tells its result to whoever claims it', async () => {
  const { intents } = setUp()
  await intents.claim(key, 'a', null)
  expect(await intents.finish(key, 'a', 1, done)).toBe(true)
  expect(await intents.claim(key, 'a', null)).toEqual({ kind: 'finished', result: done })
})

test('who has lost the hold cannot finish', async () => {
  const { clock, intents } = setUp()
  await intents.claim(key, 'a', null)
  await clock.advance(1_000)
  await intents.claim(key, 'a', null)
  expect(await intents.finish(key, 'a', 1, done)).toBe(false)
})

test('another approval under the same key is told so, begun or done', async () => {
  const { intents } = setUp()
  await intents.claim(key, 'a', null)
  expect(await intents.claim(key, 'b', null)).toEqual({ kind: 'other' })
  await intents.finish(key, 'a', 1, done)
  expect(await intents.claim(key, 'b', null)).toEqual({ kind: 'other' })
})

test('a conflict wrote nothing, so a new approval may hold its key', async () => {
  const { intents } = setUp()
  await intents.claim(key, 'a', null)
  await intents.finish(key, 'a', 1, { status: 'conflict', message: 'changed', recordVersion: '2' })
  expect(await intents.claim(key, 'a', null)).toMatchObject({ kind: 'finished' })
  expect(await intents.claim(key, 'b', null)).toMatchObject({ kind: 'held' })
})

test('an intent is forgotten after its horizon', async () => {
  const { clock, intents } = setUp()
  await intents.claim(key, 'a', null)
  await intents.finish(key, 'a', 1, done)
  await clock.advance(60_000)
  expect(await intents.claim(key, 'b', null)).toMatchObject({ kind: 'held' })
})

test('an intent that cannot be read is a fault that says so', async () => {
  const { intents, store } = setUp()
  await store.put(`intent/${key}`, 'nonsense', { ifVersion: 0 })
  await expect(intents.claim(key, 'a', null)).rejects.toMatchObject({ code: 'internal' })
})
