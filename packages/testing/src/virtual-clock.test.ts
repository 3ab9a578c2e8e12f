import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createVirtualClock } from './virtual-clock.ts'

test('timers fire in order of time, those of one time in order of creation', async () => {
  const delays = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 60 })
  await fc.assert(
    fc.asyncProperty(delays, async (all) => {
      const clock = createVirtualClock(0)
      const fired: [number, number][] = []
      all.forEach((ms, order) => clock.after(ms, () => fired.push([clock.now(), order])))
      await clock.advance(100)
      const expected = all.map((ms, order): [number, number] => [ms, order]).sort((a, b) => a[0] - b[0] || a[1] - b[1])
      expect(fired).toEqual(expected)
    }),
  )
})

test('a cancelled timer does not fire, and cancelling it late does nothing', async () => {
  const clock = createVirtualClock(0)
  const fired: string[] = []
  const cancel = clock.after(5, () => fired.push('cancelled'))
  const late = clock.after(3, () => fired.push('fired'))
  cancel()
  await clock.advance(10)
  late()
  expect(fired).toEqual(['fired'])
})

test('what follows from a timer happens before the next one fires', async () => {
  const clock = createVirtualClock(0)
  const told: string[] = []
  const follow = async (): Promise<void> => {
    for (let hop = 0; hop < 100; hop++) await Promise.resolve()
    told.push(`followed at ${clock.now()}`)
  }
  clock.after(1, () => void follow())
  clock.after(2, () => told.push('second'))
  await clock.advance(5)
  expect(told).toEqual(['followed at 1', 'second'])
})

test('a step goes to the next timer, however far it is', async () => {
  const clock = createVirtualClock(0)
  const fired: number[] = []
  clock.after(86_400_000, () => fired.push(clock.now()))
  expect(await clock.step()).toBe(true)
  expect(fired).toEqual([86_400_000])
  expect(await clock.step()).toBe(false)
})

test('sleep ends with its time, or with the reason of its signal', async () => {
  const clock = createVirtualClock(0)
  const controller = new AbortController()
  const slept = clock.sleep(10).then(() => clock.now())
  const aborted = clock.sleep(10, controller.signal).catch((reason: unknown) => reason)
  clock.after(4, () => controller.abort('enough'))
  await clock.advance(10)
  expect(await slept).toBe(10)
  expect(await aborted).toBe('enough')
})
