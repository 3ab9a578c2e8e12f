/** Invariants 8 and 10: an action whose intent is lost with the store is still written once, because the back end is asked by its key. */
import type { Clock } from '@concord/contracts'
import type { WriteTools } from '@concord/domain'
import { createMemoryStore, type MemoryStore, type Store } from '@concord/store'
import { createVirtualClock } from '@concord/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bindBackend } from './backend.ts'
import { carryOut, type Attempt, type Written } from './carry-out.ts'
import { createIntents } from './intents.ts'

const key = 'acme/req-1/extend_loan/loan:L1'

/** A back end as docs/domain.md asks for it: a key is kept with its write, and the record has versions. Each call takes `ms`. */
function createLoans(clock: Clock, ms: number) {
  const kept = new Map<string, Written>()
  let version = 1
  let writes = 0
  const tools: WriteTools = {
    async operation(idempotencyKey) {
      await clock.sleep(ms)
      return kept.has(idempotencyKey) ? { result: {} } : null
    },
    async write(_tool, _args, { idempotencyKey, recordVersion }) {
      writes++
      await clock.sleep(ms)
      const known = kept.get(idempotencyKey)
      if (known !== undefined) return known
      if (recordVersion !== String(version)) return { status: 'conflict', message: 'changed', recordVersion: String(version) }
      const written: Written = { status: 'done', message: 'The loan is extended.', recordVersion: String(++version) }
      kept.set(idempotencyKey, written)
      return written
    },
  }
  const backend = bindBackend(tools, { key, recordVersion: '1' }, { tool: 'extend', args: {} })
  return { backend, effects: () => version - 1, writes: () => writes }
}

/** A store that is lost before, or after, one of its calls. */
function losing(store: MemoryStore, at: number, when: 'before' | 'after', lose: () => void): Store {
  let calls = 0
  const step = async <T>(run: () => Promise<T>): Promise<T> => {
    const chosen = ++calls === at
    if (chosen && when === 'before') lose()
    const result = await run()
    if (chosen && when === 'after') lose()
    return result
  }
  return { ...store, get: (one) => step(() => store.get(one)), put: (...put) => step(() => store.put(...put)) }
}

const attemptAt = (clock: Clock): Attempt => ({
  key,
  approvalHash: 'a',
  validUntil: clock.now() + 600_000,
  deadline: clock.now() + 20_000,
  signal: new AbortController().signal,
})

/** Two deliveries of the action, the second one `apartMs` later, while the store is lost at the chosen call of the first. */
async function twice(at: number, when: 'before' | 'after', how: 'wipe' | 'rewind', apartMs: number) {
  const clock = createVirtualClock()
  const memory = createMemoryStore({ clock, rewindableMs: 10_000 })
  const { backend, effects } = createLoans(clock, 50)
  const store = losing(memory, at, when, () => (how === 'wipe' ? memory.wipe() : memory.rewind(60)))
  const intents = createIntents(store, clock, { holdMs: 5_000, horizonMs: 86_400_000 })
  const first = carryOut({ backend, intents, clock }, attemptAt(clock))
  const second = clock.sleep(apartMs).then(() => carryOut({ backend, intents, clock }, attemptAt(clock)))
  const results = Promise.all([first, second])
  await clock.advance(60_000)
  return { results: await results, effects: effects() }
}

test('an action is written once and told as done, wherever its intent is lost and whenever it is delivered again', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 8 }),
      fc.constantFrom('before' as const, 'after' as const),
      fc.constantFrom('wipe' as const, 'rewind' as const),
      fc.constantFrom(0, 25, 75, 125, 500, 6_000),
      async (at, when, how, apartMs) => {
        const { results, effects } = await twice(at, when, how, apartMs)
        expect(effects).toBe(1)
        expect(results.map(({ status }) => status)).toEqual(['done', 'done'])
      },
    ),
    { numRuns: 150 },
  )
})

test('an action whose record is lost after it was done is not written again', async () => {
  const clock = createVirtualClock()
  const store = createMemoryStore({ clock })
  const { backend, writes } = createLoans(clock, 1)
  const intents = createIntents(store, clock, { holdMs: 5_000, horizonMs: 86_400_000 })
  for (let delivery = 0; delivery < 2; delivery++) {
    const result = carryOut({ backend, intents, clock }, attemptAt(clock))
    await clock.advance(1_000)
    expect(await result).toMatchObject({ status: 'done' })
    store.wipe()
  }
  expect(writes()).toBe(1)
})
