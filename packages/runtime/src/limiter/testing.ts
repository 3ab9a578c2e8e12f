/** The contract of the limiter port, run against both adapters. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Limiter, Rate } from './limiter.ts'

export interface LimiterUnderTest {
  limiter: Limiter
  /** Milliseconds, of any epoch. */
  now(): number
  /** Moves a virtual clock; where time is real it does nothing, and the suite waits. */
  elapse(ms: number): Promise<void>
}

const rate: Rate = { permits: 5, perMs: 100 }
const never = () => new AbortController().signal

export function testLimiter(name: string, factory: (rate: Rate) => Promise<LimiterUnderTest>): void {
  describe(name, () => {
    let limiter: Limiter
    let now: () => number
    let elapse: (ms: number) => Promise<void>

    beforeEach(async () => {
      ;({ limiter, now, elapse } = await factory(rate))
    })
    afterEach(() => limiter.close())

    /** The times at which `count` permits, asked for at once, came. */
    const takeTimes = async (count: number): Promise<number[]> => {
      const taken = Promise.all(Array.from({ length: count }, () => limiter.acquire(never()).then(now)))
      await elapse(count * rate.perMs)
      return taken
    }

    /** Leaves no permit for the time being. */
    const useUp = () => Promise.all(Array.from({ length: rate.permits }, () => limiter.acquire(never())))

    test('no span of time sees more permits than the rate', async () => {
      expectRateKept(rate, await takeTimes(23))
    })

    test('the whole rate can be used: a burst of it passes at once', async () => {
      const times = await takeTimes(10)
      expect(times[4]! - times[0]!).toBeLessThan(rate.perMs)
      expect(times[9]! - times[5]!).toBeLessThan(rate.perMs)
    })

    test('permits are given in order of arrival, with the time that each waited', async () => {
      const order: number[] = []
      const waits = Promise.all(Array.from({ length: 12 }, (_, n) => limiter.acquire(never()).finally(() => order.push(n))))
      await elapse(300)
      const waited = await waits
      expect(order).toEqual(Array.from({ length: 12 }, (_, n) => n))
      expect(waited[0]).toBeGreaterThanOrEqual(0)
      expect(waited[11]! - waited[0]!).toBeGreaterThanOrEqual(2 * rate.perMs)
    })

    test('an aborted waiter rejects with the reason of its signal and its place goes to the next', async () => {
      await useUp()
      const reason = new Error('the deadline is over')
      const controller = new AbortController()
      const aborted = Array.from({ length: 40 }, () => limiter.acquire(controller.signal))
      const next = Promise.all(Array.from({ length: 5 }, () => limiter.acquire(never())))
      const settled = Promise.allSettled(aborted)
      controller.abort(reason)
      for (const result of await settled) expect(result).toEqual({ status: 'rejected', reason })
      await elapse(rate.perMs)
      await next
    })

    test('a signal that has aborted already takes no permit', async () => {
      await expect(limiter.acquire(AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late')
      const times = await takeTimes(5)
      expect(times[4]! - times[0]!).toBeLessThan(rate.perMs)
    })

    test('close rejects those who wait and those who come', async () => {
      await useUp()
      const waiting = limiter.acquire(never()).catch((error: unknown) => error)
      await limiter.close()
      expect(await waiting).toMatchObject({ code: 'aborted' })
      await expect(limiter.acquire(never())).rejects.toMatchObject({ code: 'aborted' })
    })
  })
}

/** Each permit comes at least `perMs` after the one that stands `permits` places before it. */
export function expectRateKept({ permits, perMs }: Rate, unsorted: number[]): void {
  const times = unsorted.toSorted((a, b) => a - b)
  for (let n = permits; n < times.length; n++) expect(times[n]! - times[n - permits]!).toBeGreaterThanOrEqual(perMs)
}
