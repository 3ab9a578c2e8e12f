import { randomUUID } from 'node:crypto'
import type { Fault } from '@concord/contracts'
import { eventually } from '@concord/testing'
import fc from 'fast-check'
import { Redis } from 'ioredis'
import { expect, onTestFinished, test } from 'vitest'
import { createMemoryStore } from './memory.ts'
import { createRedisStore } from './redis.ts'
import type { Store } from './store.ts'
import { startPath, testStore } from './testing.ts'

const url =
  process.env['REDIS_URL'] ?? fail('REDIS_URL is not set. Run `make test`, which starts Redis, or point it at a Redis server.')
const newPrefix = () => `test:${randomUUID()}:`

testStore('the store in Redis', async () => ({ store: createRedisStore({ url, prefix: newPrefix() }), elapse: async () => {} }))

test('stores with different prefixes share nothing', async () => {
  const [ours, theirs] = [openStore(), openStore()]
  await ours.put('case:1', 'a', { ifVersion: 0, index: [{ index: 'due', score: 1 }] })
  expect(await theirs.get('case:1')).toBeNull()
  expect(await theirs.range('due', { limit: 10 })).toEqual([])
})

test('whatever is done to it, Redis answers as memory does', async () => {
  const key = fc.constantFrom('a', 'b', 'c')
  const version = fc.constantFrom(0, 1, 2, 3, 'any' as const)
  const entries = fc.uniqueArray(
    fc.record({ index: fc.constantFrom('x', 'y'), score: fc.option(fc.integer({ min: -5, max: 5 }), { nil: null }) }),
    { selector: ({ index }) => index },
  )
  const value = fc.constantFrom('s', 't', null)
  const operation = fc.oneof(
    fc.record({ kind: fc.constant('put' as const), key, version, entries, under: fc.option(fc.constantFrom('s', 't')) }),
    fc.record({ kind: fc.constant('set' as const), value, standing: value }),
    fc.record({ kind: fc.constant('delete' as const), key, version }),
    fc.record({
      kind: fc.constant('range' as const),
      index: fc.constantFrom('x', 'y'),
      upTo: fc.integer({ min: -5, max: 5 }),
      limit: fc.nat(4),
    }),
  )
  type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never

  const run = (store: Store, step: Operation, n: number): Promise<unknown> => {
    if (step.kind === 'range') return store.range(step.index, step)
    if (step.kind === 'set') return store.setSentinel('whole', step.value, { if: step.standing })
    if (step.kind === 'put') {
      const under = step.under === null ? {} : { under: { sentinel: 'whole', value: step.under } }
      const options = { ifVersion: step.version, index: step.entries, ...under }
      return store.put(step.key, `value ${n}`, options).catch((error: Fault) => error.code)
    }
    return store.delete(step.key, step.version === 'any' ? {} : { ifVersion: step.version })
  }

  await fc.assert(
    fc.asyncProperty(fc.array(operation, { maxLength: 40 }), async (steps) => {
      const [redis, memory] = [createRedisStore({ url, prefix: newPrefix() }), createMemoryStore()]
      try {
        for (const [n, step] of steps.entries()) expect(await run(redis, step, n)).toEqual(await run(memory, step, n))
      } finally {
        await redis.close()
      }
    }),
    { numRuns: 50 },
  )
})

test('an entry of an expired key is taken out of the sorted set by the range that meets it', async () => {
  const prefix = newPrefix()
  const [store, redis] = [openStore({ prefix }), new Redis(url)]
  onTestFinished(() => redis.disconnect())
  await store.put('short', 'a', { ifVersion: 0, ttlMs: 20, index: [{ index: 'due', score: 1 }] })
  await eventually(async () => expect(await store.get('short')).toBeNull())
  expect(await redis.zcard(`${prefix}index:due`)).toBe(1)
  await store.range('due', { limit: 10 })
  expect(await redis.zcard(`${prefix}index:due`)).toBe(0)
})

test('while Redis is away calls reject soon, and nothing they tried appears later', async () => {
  const path = await startPath(url)
  onTestFinished(path.close)
  const store = openStore({ url: path.url, timeoutMs: 200 })
  await store.put('case:1', 'before', { ifVersion: 0 })
  path.cut()
  await expect(store.put('case:1', 'lost', { ifVersion: 'any' })).rejects.toMatchObject({
    code: 'store_unavailable',
    retryable: true,
  })
  await expect(store.ping()).rejects.toThrow(/Redis at 127\.0\.0\.1:\d+ did not answer ping/)
  path.mend()
  await eventually(() => store.ping())
  expect(await store.get('case:1')).toEqual({ value: 'before', version: 1 })
})

test('a connection that swallows commands is replaced', async () => {
  const path = await startPath(url)
  onTestFinished(path.close)
  const store = openStore({ url: path.url, timeoutMs: 200 })
  await store.ping()
  path.swallow()
  await expect(store.ping()).rejects.toMatchObject({ code: 'store_unavailable' })
  await eventually(() => store.ping())
})

test('an error carries neither the value nor the password', async () => {
  const store = openStore({ url: url.replace('redis://', 'redis://someone:secret-word@'), timeoutMs: 300 })
  const error = await store.put('case:1', 'private text', { ifVersion: 0 }).catch((reason: unknown) => reason)
  expect(error).toMatchObject({ code: 'store_unavailable' })
  expect(
    JSON.stringify({ error, own: Object.getOwnPropertyNames(error), cause: (error as Error).cause }) + String(error),
  ).not.toMatch(/private text|secret-word/)
})

function openStore(options: { url?: string; prefix?: string; timeoutMs?: number } = {}): Store {
  const store = createRedisStore({ url, prefix: newPrefix(), ...options })
  onTestFinished(() => store.close())
  return store
}

function fail(message: string): never {
  throw new Error(message)
}
