import { getEventListeners } from 'node:events'
import { createVirtualClock } from '@concord/testing'
import { expect, test } from 'vitest'
import { orAborted, until } from './signal.ts'

const live = () => new AbortController()
const listeners = ({ signal }: AbortController) => getEventListeners(signal, 'abort').length

test('what has ended leaves no listener behind, however it ended', async () => {
  const ways = [() => Promise.resolve('done'), () => Promise.reject(new Error('failed'))]
  for (const way of ways) {
    const outer = live()
    await orAborted(outer.signal, way).catch(() => undefined)
    expect(listeners(outer)).toBe(0)
  }
})

test('an abort ends the wait for work that never ends, with its reason', async () => {
  const outer = live()
  const waiting = orAborted(outer.signal, () => new Promise(() => {}))
  outer.abort(new Error('over'))
  await expect(waiting).rejects.toThrow('over')
  expect(listeners(outer)).toBe(0)
})

test('work does not begin after an abort', async () => {
  let begun = false
  const late = orAborted(AbortSignal.abort(new Error('over')), async () => (begun = true))
  await expect(late).rejects.toThrow('over')
  expect(begun).toBe(false)
})

test('what comes after the abort counts for nothing, a rejection included', async () => {
  const outer = live()
  const { promise, reject } = Promise.withResolvers<void>()
  const waiting = orAborted(outer.signal, () => promise)
  outer.abort(new Error('over'))
  reject(new Error('late'))
  await expect(waiting).rejects.toThrow('over')
})

test('a signal whose time is over is aborted from the start', () => {
  const clock = createVirtualClock()
  using bounded = until(clock.now(), live().signal, clock)
  expect(bounded.signal.reason).toMatchObject({ code: 'deadline_exceeded' })
})

test('a signal that was disposed of leaves no listener, and no timer that aborts it', async () => {
  const clock = createVirtualClock()
  const outer = live()
  const bounded = until(clock.now() + 1_000, outer.signal, clock)
  expect(listeners(outer)).toBe(1)
  bounded[Symbol.dispose]()
  await clock.advance(2_000)
  outer.abort()
  expect([listeners(outer), bounded.signal.aborted]).toEqual([0, false])
})
