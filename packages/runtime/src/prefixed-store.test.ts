import { createMemoryStore } from '@concord/store'
import { testStore } from '@concord/store/testing'
import { createVirtualClock } from '@concord/testing'
import { expect, test } from 'vitest'
import { prefixedStore } from './prefixed-store.ts'

testStore('a part of a store', async () => {
  const clock = createVirtualClock()
  const store = createMemoryStore({ clock })
  return { store: { ...prefixedStore(store, 'part/'), close: () => store.close() }, elapse: (ms) => clock.advance(ms) }
})

test('two parts share neither keys nor indexes, and closing one closes neither', async () => {
  const store = createMemoryStore()
  const [ours, theirs] = [prefixedStore(store, 'a/'), prefixedStore(store, 'b/')]
  await ours.put('k', '1', { ifVersion: 0, index: [{ index: 'i', score: 1 }] })
  expect(await theirs.get('k')).toBeNull()
  expect(await theirs.range('i', { limit: 10 })).toEqual([])
  await theirs.close()
  expect(await ours.get('k')).toEqual({ value: '1', version: 1 })
})
