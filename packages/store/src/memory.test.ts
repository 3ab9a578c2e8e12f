import { createVirtualClock } from '@concord/testing'
import { expect, test } from 'vitest'
import { createMemoryStore } from './memory.ts'
import { testStore } from './testing.ts'

testStore('the store in memory', async () => {
  const clock = createVirtualClock()
  return { store: createMemoryStore({ clock }), elapse: (ms) => clock.advance(ms) }
})

const anyVersion = { ifVersion: 'any' } as const

async function aStore() {
  const clock = createVirtualClock()
  const store = createMemoryStore({ clock, rewindableMs: 10_000 })
  await store.setSentinel('whole', 'a', { if: null })
  await store.put('old', '1', { ...anyVersion, index: [{ index: 'due', score: 1 }] })
  await store.put('gone', '1', { ...anyVersion, ttlMs: 1_500 })
  await clock.advance(1_000)
  await store.put('old', '2', { ...anyVersion, index: [{ index: 'due', score: null }] })
  await store.put('new', '1', { ...anyVersion, index: [{ index: 'due', score: 2 }] })
  await store.delete('gone')
  return { clock, store }
}

test('a wiped store is empty, and goes on', async () => {
  const { store } = await aStore()
  store.wipe()
  expect(await store.get('old')).toBeNull()
  expect(await store.range('due', { limit: 10 })).toEqual([])
  expect(await store.sentinel('whole')).toBeNull()
  expect(await store.put('old', '3', { ifVersion: 0 })).toEqual({ ok: true, version: 1 })
})

test('a store that starts again has everything but its sentinels', async () => {
  const { store } = await aStore()
  store.restart()
  expect(await store.get('old')).toEqual({ value: '2', version: 2 })
  expect(await store.sentinel('whole')).toBeNull()
  const under = { sentinel: 'whole', value: 'a' }
  await expect(store.put('old', '3', { ...anyVersion, under })).rejects.toMatchObject({ code: 'state_lost' })
})

test('a rewound store is what it was then, but for what has expired since', async () => {
  const { clock, store } = await aStore()
  store.rewind(500)
  expect(await store.get('old')).toEqual({ value: '1', version: 1 })
  expect(await store.get('new')).toBeNull()
  expect(await store.get('gone')).toEqual({ value: '1', version: 1 })
  expect(await store.range('due', { limit: 10 })).toEqual([{ key: 'old', score: 1 }])
  expect(await store.sentinel('whole')).toBeNull()
  await clock.advance(500)
  expect(await store.get('gone')).toBeNull()
})

test('a store that was wiped and then rewound has what the wipe took', async () => {
  const { clock, store } = await aStore()
  await clock.advance(100)
  store.wipe()
  store.rewind(50)
  expect(await store.get('new')).toEqual({ value: '1', version: 1 })
})

test('a store goes back no further than it was told to be able to', async () => {
  const { store } = await aStore()
  expect(() => store.rewind(10_001)).toThrow(/the store can go back 10000 ms, not 10001/)
})

test('a store that is away refuses, and comes back as it was', async () => {
  const { store } = await aStore()
  store.setAvailable(false)
  await expect(store.get('old')).rejects.toMatchObject({ code: 'store_unavailable', retryable: true })
  store.setAvailable(true)
  expect(await store.get('old')).toEqual({ value: '2', version: 2 })
})
