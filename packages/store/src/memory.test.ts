import { createVirtualClock } from '@concord/testing'
import { createMemoryStore } from './memory.ts'
import { testStore } from './testing.ts'

testStore('the store in memory', async () => {
  const clock = createVirtualClock()
  return { store: createMemoryStore({ clock }), elapse: (ms) => clock.advance(ms) }
})
