import { randomUUID } from 'node:crypto'
import { startPath } from '@concord/store/testing'
import { eventually } from '@concord/testing'
import { Redis } from 'ioredis'
import { expect, onTestFinished, test } from 'vitest'
import type { Limiter, Rate } from './limiter.ts'
import { createRedisLimiter, type RedisLimiterOptions } from './redis.ts'
import { expectRateKept, testLimiter } from './testing.ts'

const url =
  process.env['REDIS_URL'] ?? fail('REDIS_URL is not set. Run `make test`, which starts Redis, or point it at a Redis server.')
const rate: Rate = { permits: 5, perMs: 200 }
const never = () => new AbortController().signal

testLimiter('the limiter over Redis', async (kept) => ({
  limiter: createRedisLimiter(randomUUID(), kept, { url }),
  now: () => performance.now(),
  elapse: async () => {},
}))

test('two processes of one name share the rate, and both get on', async () => {
  const name = randomUUID()
  const limiters = [open(name), open(name)]
  const times: number[][] = [[], []]
  await Promise.all(
    limiters.flatMap((limiter, n) =>
      Array.from({ length: 15 }, () => limiter.acquire(never()).then(() => times[n]!.push(performance.now()))),
    ),
  )
  expectRateKept(rate, times.flat())
})

test('limiters of different names do not wait for each other', async () => {
  await take(open(), 5)
  expect(Math.max(...(await take(open(), 5)))).toBeLessThan(rate.perMs)
})

test('the permits of a process that is gone count until their time is over', async () => {
  const name = randomUUID()
  const gone = open(name)
  await take(gone, 5)
  const since = performance.now()
  await gone.close()
  await take(open(name), 5)
  expect(performance.now() - since).toBeGreaterThanOrEqual(rate.perMs - 20)
})

test.each([
  ['was flushed', '*'],
  ['forgot the clients', '*_client_*'],
])('waiters go on after Redis %s', async (_, lost) => {
  const name = randomUUID()
  const [limiter, redis] = [open(name), new Redis(url)]
  onTestFinished(() => redis.disconnect())
  const waiting = take(limiter, 25)
  await eventually(async () => expect(await redis.keys(`*${name}*`)).not.toEqual([]))
  await redis.del(await redis.keys(`*${name}${lost}`))
  expect(await waiting).toHaveLength(25)
})

test('a waiter whose permits were held by a process that died before a flush still goes on', async () => {
  const name = randomUUID()
  const [limiter, redis] = [open(name), new Redis(url)]
  onTestFinished(() => redis.disconnect())
  const gone = open(name)
  await take(gone, 5)
  const waiting = take(limiter, 1)
  await gone.close()
  await redis.del(await redis.keys(`*${name}*`))
  expect(await waiting).toHaveLength(1)
})

test('whoever starts last with another rate sets it for all', async () => {
  const name = randomUUID()
  const first = open(name, { permits: 1, perMs: 400 })
  await take(first, 1)
  const second = open(name, { permits: 20, perMs: 400 })
  await eventually(async () => expect(Math.max(...(await take(second, 5)))).toBeLessThan(400))
})

test('while Redis is away those who wait are told, and afterwards permits come again', async () => {
  const path = await startPath(url)
  onTestFinished(path.close)
  const limiter = open(randomUUID(), rate, { url: path.url, timeoutMs: 300 })
  await take(limiter, 5)
  path.cut()
  await expect(limiter.acquire(never())).rejects.toMatchObject({ code: 'store_unavailable', retryable: true })
  path.mend()
  await eventually(() => take(limiter, 1))
})

test('a limiter that starts before Redis gives permits when Redis is there', async () => {
  const path = await startPath(url)
  onTestFinished(path.close)
  path.cut()
  const limiter = open(randomUUID(), rate, { url: path.url, timeoutMs: 300 })
  await expect(limiter.acquire(never())).rejects.toThrow(/Redis at 127\.0\.0\.1:\d+ is away/)
  path.mend()
  await eventually(() => take(limiter, 1))
})

function open(name: string = randomUUID(), kept = rate, options: RedisLimiterOptions = { url }): Limiter {
  const limiter = createRedisLimiter(name, kept, options)
  onTestFinished(() => limiter.close())
  return limiter
}

function take(limiter: Limiter, count: number): Promise<number[]> {
  return Promise.all(Array.from({ length: count }, () => limiter.acquire(never())))
}

function fail(message: string): never {
  throw new Error(message)
}
