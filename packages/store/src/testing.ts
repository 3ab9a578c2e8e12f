/** The contract of the store port, run against every adapter. */

import { eventually } from '@concord/testing'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Ranked, Store } from './store.ts'

export { startPath, type Path } from '@concord/testing'

export interface StoreUnderTest {
  /** An empty store. The suite closes it. */
  store: Store
  /** Moves a virtual clock; where time is real it does nothing, and the suite waits. */
  elapse(ms: number): Promise<void>
}

export function testStore(name: string, factory: () => Promise<StoreUnderTest>): void {
  describe(name, () => {
    let store: Store
    let elapse: (ms: number) => Promise<void>

    beforeEach(async () => {
      ;({ store, elapse } = await factory())
    })
    afterEach(() => store.close())

    testValues(() => store)
    testConcurrency(() => store)
    testIndexes(() => store)
    testSentinels(() => store)
    testExpiry(
      () => store,
      (ms) => elapse(ms),
    )
  })
}

const first = { ifVersion: 0 }
const anyVersion = { ifVersion: 'any' } as const
const all = { limit: 1_000 }
const keys = (ranked: Ranked[]) => ranked.map(({ key }) => key)

function testValues(store: () => Store): void {
  test('an absent key is null', async () => {
    expect(await store().get('case:1')).toBeNull()
  })

  test('the first write has version 1 and each one after it one more', async () => {
    expect(await store().put('case:1', 'a', first)).toEqual({ ok: true, version: 1 })
    expect(await store().put('case:1', 'b', { ifVersion: 1 })).toEqual({ ok: true, version: 2 })
    expect(await store().get('case:1')).toEqual({ value: 'b', version: 2 })
  })

  test('a put with another version than stands is refused and carries what stands', async () => {
    await store().put('case:1', 'a', first)
    expect(await store().put('case:1', 'b', first)).toEqual({ ok: false, current: { value: 'a', version: 1 } })
    expect(await store().put('case:1', 'b', { ifVersion: 2 })).toEqual({ ok: false, current: { value: 'a', version: 1 } })
    expect(await store().put('case:2', 'b', { ifVersion: 1 })).toEqual({ ok: false, current: null })
    expect(await store().get('case:2')).toBeNull()
  })

  test('any version creates and overwrites', async () => {
    expect(await store().put('case:1', 'a', anyVersion)).toEqual({ ok: true, version: 1 })
    expect(await store().put('case:1', 'b', anyVersion)).toEqual({ ok: true, version: 2 })
  })

  test('delete removes a key once, and only at the given version', async () => {
    await store().put('case:1', 'a', first)
    expect(await store().delete('case:1', { ifVersion: 2 })).toBe(false)
    expect(await store().get('case:1')).not.toBeNull()
    expect(await store().delete('case:1', { ifVersion: 1 })).toBe(true)
    expect(await store().delete('case:1')).toBe(false)
    expect(await store().put('case:1', 'b', first)).toEqual({ ok: true, version: 1 })
  })

  test.each([
    ['empty', ''],
    ['of another script', 'Grüße, 世界 👋 \u0000 end'],
    ['of a megabyte', 'x'.repeat(1_000_000)],
  ])('a value %s comes back as it was', async (_, value) => {
    await store().put('kéy 世', value, first)
    expect(await store().get('kéy 世')).toEqual({ value, version: 1 })
    expect(await store().put('kéy 世', '', first)).toEqual({ ok: false, current: { value, version: 1 } })
  })

  test('a store that is closed rejects as unavailable', async () => {
    await store().ping()
    await store().close()
    await expect(store().ping()).rejects.toMatchObject({ code: 'store_unavailable', retryable: true })
    await expect(store().put('case:1', 'a', first)).rejects.toMatchObject({ code: 'store_unavailable' })
  })
}

function testConcurrency(store: () => Store): void {
  test('of many writers at one version one wins', async () => {
    const results = await Promise.all(Array.from({ length: 50 }, (_, n) => store().put('case:1', `writer ${n}`, first)))
    expect(results.filter(({ ok }) => ok)).toHaveLength(1)
    const winner = results.findIndex(({ ok }) => ok)
    expect(await store().get('case:1')).toEqual({ value: `writer ${winner}`, version: 1 })
  })

  test('writers that retry on refusal lose no increment', async () => {
    const increment = async (): Promise<void> => {
      let standing = await store().get('count')
      for (;;) {
        const result = await store().put('count', String(Number(standing?.value ?? 0) + 1), { ifVersion: standing?.version ?? 0 })
        if (result.ok) return
        standing = result.current
      }
    }
    await Promise.all(Array.from({ length: 20 }, increment))
    expect(await store().get('count')).toEqual({ value: '20', version: 20 })
  })

  test('a reader sees value and index entry of the same write', async () => {
    const writes = async (): Promise<void> => {
      for (let n = 1; n <= 100; n++)
        await store().put('case:1', String(n), { ...anyVersion, index: [{ index: 'due', score: n }] })
    }
    let writing = true
    const writer = writes().finally(() => (writing = false))
    while (writing) {
      const [before, ranked, after] = await Promise.all([store().get('case:1'), store().range('due', all), store().get('case:1')])
      const score = ranked[0]?.score ?? 0
      expect(score).toBeGreaterThanOrEqual(Number(before?.value ?? 0))
      expect(score).toBeLessThanOrEqual(Number(after?.value ?? 0))
      await new Promise((resolve) => setImmediate(resolve))
    }
    await writer
  })
}

function testIndexes(store: () => Store): void {
  const enter = (key: string, score: number | null, index = 'due') =>
    store().put(key, key, { ...anyVersion, index: [{ index, score }] })

  test('a range is ordered by score, then by key, and bounded by score and limit', async () => {
    for (const [key, score] of Object.entries({ d: 3, b: 1, a: 1, c: -2.5, e: 1_700_000_000_123.5 })) await enter(key, score)
    expect(await store().range('due', all)).toEqual([
      { key: 'c', score: -2.5 },
      { key: 'a', score: 1 },
      { key: 'b', score: 1 },
      { key: 'd', score: 3 },
      { key: 'e', score: 1_700_000_000_123.5 },
    ])
    expect(keys(await store().range('due', { upTo: 1, limit: 10 }))).toEqual(['c', 'a', 'b'])
    expect(keys(await store().range('due', { limit: 2 }))).toEqual(['c', 'a'])
    expect(await store().range('due', { limit: 0 })).toEqual([])
    expect(await store().range('due', { upTo: -Infinity, limit: 10 })).toEqual([])
    expect(await store().range('nobody', { limit: Infinity })).toEqual([])
  })

  test('a new score moves the entry, null takes it out, an unnamed index keeps it', async () => {
    await enter('a', 1)
    await enter('a', 2, 'open')
    await enter('a', 5)
    expect(await store().range('due', all)).toEqual([{ key: 'a', score: 5 }])
    await enter('a', null)
    expect(await store().range('due', all)).toEqual([])
    expect(await store().range('open', all)).toEqual([{ key: 'a', score: 2 }])
  })

  test('a refused put changes no index', async () => {
    await enter('a', 1)
    await store().put('a', 'b', {
      ...first,
      index: [
        { index: 'due', score: 9 },
        { index: 'open', score: 9 },
      ],
    })
    expect(await store().range('due', all)).toEqual([{ key: 'a', score: 1 }])
    expect(await store().range('open', all)).toEqual([])
  })

  test('a score that is no number is refused before anything is written', async () => {
    await expect(enter('a', Number.NaN)).rejects.toMatchObject({ code: 'invalid_input', retryable: false })
    await expect(enter('a', Infinity)).rejects.toMatchObject({ code: 'invalid_input' })
    expect(await store().get('a')).toBeNull()
  })

  test('a deleted key leaves its indexes, named or not, also when it is born again', async () => {
    for (const indexes of [['due'], []]) {
      await enter('a', 1)
      await enter('b', 2)
      await store().delete('a', { indexes })
      expect(keys(await store().range('due', { limit: 1 }))).toEqual(['b'])
      await enter('a', 1)
      await store().delete('a', { indexes })
      await store().put('a', 'again', first)
      expect(keys(await store().range('due', all))).toEqual(['b'])
    }
  })
}

function testExpiry(store: () => Store, elapse: (ms: number) => Promise<void>): void {
  const index = [{ index: 'due', score: 1 }]

  test('a key and its entries go when their time is over, and the next write is a first', async () => {
    await store().put('short', 'a', { ...first, ttlMs: 60, index })
    await store().put('long', 'b', { ...first, ttlMs: 60_000, index })
    expect(await store().get('short')).not.toBeNull()
    await elapse(60)
    await eventually(async () => expect(await store().get('short')).toBeNull())
    expect(keys(await store().range('due', { limit: 1 }))).toEqual(['long'])
    expect(await store().put('short', 'c', first)).toEqual({ ok: true, version: 1 })
    expect(keys(await store().range('due', all))).toEqual(['long'])
    expect(await store().delete('long')).toBe(true)
  })

  test('an expired key is not there to delete', async () => {
    await store().put('short', 'a', { ...first, ttlMs: 20 })
    await elapse(20)
    await eventually(async () => expect(await store().delete('short')).toBe(false))
  })

  test('each write sets the time anew, and a write without one makes the key stay', async () => {
    await store().put('kept', 'a', { ...first, ttlMs: 60 })
    await store().put('kept', 'b', { ifVersion: 1 })
    await store().put('renewed', 'a', { ...first, ttlMs: 60 })
    await store().put('renewed', 'b', { ifVersion: 1, ttlMs: 60_000 })
    await store().put('mark', 'a', { ...first, ttlMs: 120 })
    await elapse(120)
    await eventually(async () => expect(await store().get('mark')).toBeNull())
    expect(await store().get('kept')).toEqual({ value: 'b', version: 2 })
    expect(await store().get('renewed')).toEqual({ value: 'b', version: 2 })
  })
}

function testSentinels(store: () => Store): void {
  const under = (value: string) => ({ ...anyVersion, under: { sentinel: 'whole/1', value } })
  const lost = { code: 'state_lost', retryable: true }

  test('a sentinel is set and taken away on condition of what stands', async () => {
    expect(await store().sentinel('whole/1')).toBeNull()
    expect(await store().setSentinel('whole/1', 'a', { if: 'b' })).toBe(false)
    expect(await store().setSentinel('whole/1', 'a', { if: null })).toBe(true)
    expect(await store().setSentinel('whole/1', 'b', { if: null })).toBe(false)
    expect(await store().sentinel('whole/1')).toBe('a')
    expect(await store().setSentinel('whole/1', 'b', { if: 'a' })).toBe(true)
    expect(await store().sentinel('whole/1')).toBe('b')
    expect(await store().setSentinel('whole/1', null, { if: 'a' })).toBe(false)
    expect(await store().setSentinel('whole/1', null, { if: 'b' })).toBe(true)
    expect(await store().sentinel('whole/1')).toBeNull()
    expect(await store().setSentinel('whole/1', null, { if: null })).toBe(true)
  })

  test.each(['', 'of words, {"and": "signs"} 世界'])('the sentinel value %j stands as it was set', async (value) => {
    await store().setSentinel('whole/1', value, { if: null })
    expect(await store().sentinel('whole/1')).toBe(value)
    expect(await store().put('case:1', 'a', under(value))).toEqual({ ok: true, version: 1 })
  })

  test('of many who set a sentinel at once one does', async () => {
    const set = await Promise.all(Array.from({ length: 20 }, (_, n) => store().setSentinel('whole/1', `${n}`, { if: null })))
    expect(set.filter((done) => done)).toHaveLength(1)
    expect(await store().sentinel('whole/1')).toBe(`${set.indexOf(true)}`)
  })

  test('sentinels, keys and indexes of one name are three things', async () => {
    await store().put('same', 'value', { ...first, index: [{ index: 'same', score: 1 }] })
    await store().setSentinel('same', 'a', { if: null })
    expect(await store().get('same')).toEqual({ value: 'value', version: 1 })
    expect(await store().range('same', all)).toEqual([{ key: 'same', score: 1 }])
    await store().delete('same')
    expect(await store().sentinel('same')).toBe('a')
  })

  test('a put under a sentinel is written while it stands, and its version is checked as ever', async () => {
    await store().setSentinel('whole/1', 'a', { if: null })
    const index = [{ index: 'due', score: 1 }]
    expect(await store().put('case:1', 'x', { ...under('a'), ...first, index })).toEqual({ ok: true, version: 1 })
    expect(await store().put('case:1', 'y', { ...under('a'), ...first })).toEqual({
      ok: false,
      current: { value: 'x', version: 1 },
    })
    expect(await store().range('due', all)).toEqual([{ key: 'case:1', score: 1 }])
  })

  test('a put under a sentinel that is absent, taken away or replaced is refused and writes nothing', async () => {
    await expect(store().put('case:1', 'x', under('a'))).rejects.toMatchObject(lost)
    await expect(store().put('case:1', 'x', under(''))).rejects.toMatchObject(lost)
    await store().setSentinel('whole/1', 'a', { if: null })
    await store().setSentinel('whole/1', 'b', { if: 'a' })
    const index = [{ index: 'due', score: 1 }]
    await expect(store().put('case:1', 'x', { ...under('a'), index })).rejects.toMatchObject(lost)
    await store().setSentinel('whole/1', null, { if: 'b' })
    await expect(store().put('case:1', 'x', { ...under('b'), index })).rejects.toMatchObject(lost)
    expect(await store().get('case:1')).toBeNull()
    expect(await store().range('due', all)).toEqual([])
  })
}
