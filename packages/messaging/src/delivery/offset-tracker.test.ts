import fc from 'fast-check'
import { expect, test } from 'vitest'
import { OffsetTracker } from './offset-tracker.ts'

const at = (offset: number, metadata = '') => ({ offset, metadata })

test('an untouched partition without a commit has no watermark', () => {
  expect(new OffsetTracker<number>(null).watermark()).toBeNull()
  expect(new OffsetTracker<number>(at(7)).watermark()).toBe(7)
})

test('the watermark waits for the lowest incomplete offset', () => {
  const tracker = new OffsetTracker<number>(null)
  for (const offset of [0, 1, 2]) tracker.track(offset, 5)
  tracker.complete(1)
  tracker.complete(2)
  expect(tracker.watermark()).toBe(0)
  expect(tracker.oldest()).toBe(5)
  tracker.complete(0)
  expect(tracker.watermark()).toBe(3)
})

test('a gap in the log counts as done', () => {
  const tracker = new OffsetTracker<number>(at(10))
  tracker.track(15, 0)
  expect(tracker.watermark()).toBe(15)
  tracker.track(20, 0)
  tracker.complete(15)
  expect(tracker.watermark()).toBe(20)
})

test('a gap at the end of the log is done with once it is read, and what comes before it is', () => {
  const tracker = new OffsetTracker<number>(null)
  for (const offset of [0, 1]) tracker.track(offset, 0)
  tracker.pass(5)
  tracker.complete(1)
  expect(tracker.watermark()).toBe(0)
  const before = tracker.version()
  tracker.complete(0)
  expect(tracker.watermark()).toBe(5)
  tracker.pass(7)
  expect([tracker.watermark(), tracker.version() > before + 1]).toEqual([7, true])
  expect(new OffsetTracker<number>(tracker.snapshot()).watermark()).toBe(7)
})

test('an offset that the map calls incomplete and the log has no more is done with when reading has passed it', () => {
  const before = new OffsetTracker<number>(null)
  for (const offset of [0, 1, 2]) before.track(offset, 0)
  before.complete(2)
  const after = new OffsetTracker<number>(before.snapshot())
  after.track(0, 0)
  after.pass(3)
  after.complete(0)
  expect(after.watermark()).toBe(3)
})

test('a repeated record is not new, done or not', () => {
  const tracker = new OffsetTracker<number>(at(3))
  expect(tracker.track(3, 0)).toBe(true)
  expect(tracker.track(4, 0)).toBe(true)
  tracker.complete(4)
  expect([tracker.track(3, 0), tracker.track(4, 0)]).toEqual([false, false])
})

test('a log that starts below the commit was made anew, and is read', () => {
  const tracker = new OffsetTracker<number>(at(100))
  expect(tracker.track(0, 0)).toBe(true)
  tracker.complete(0)
  expect(tracker.watermark()).toBe(1)
})

test('the next reader skips what the map says is done, and repeats the rest', () => {
  const before = new OffsetTracker<number>(null)
  for (const offset of [0, 1, 2, 3, 4]) before.track(offset, 0)
  for (const offset of [1, 3]) before.complete(offset)
  const after = new OffsetTracker<number>(before.snapshot())
  expect([0, 1, 2, 3, 4].filter((offset) => after.track(offset, 0))).toEqual([0, 2, 4])
  after.complete(0)
  expect(after.watermark()).toBe(2)
})

test('an incomplete offset that the log no longer has does not hold the watermark', () => {
  const before = new OffsetTracker<number>(null)
  for (const offset of [0, 1, 2]) before.track(offset, 0)
  before.complete(2)
  const after = new OffsetTracker<number>(before.snapshot())
  after.track(5, 0)
  expect(after.watermark()).toBe(5)
})

test('in any order of completion, over any number of restarts, the watermark passes no incomplete offset and never goes back', () => {
  const steps = fc.array(
    fc.oneof(fc.constant('track' as const), fc.constant('pass' as const), fc.constant('restart' as const), fc.nat(60)),
    { maxLength: 200 },
  )
  fc.assert(
    fc.property(steps, fc.infiniteStream(fc.integer({ min: 1, max: 3 })), (script, gaps) => {
      const log: number[] = [0]
      const done = new Set<number>()
      let tracker = new OffsetTracker<number>(null)
      let position = 0
      let reached = 0
      for (const step of script) {
        if (step === 'track') {
          log.push((log.at(-1) ?? 0) + (gaps.next().value ?? 1))
          const offset = log[position++] ?? 0
          expect(tracker.track(offset, 0)).toBe(!done.has(offset))
        } else if (step === 'pass') {
          if (position > 0) tracker.pass((log[position - 1] ?? 0) + 1)
        } else if (step === 'restart') {
          const snapshot = tracker.snapshot()
          tracker = new OffsetTracker<number>(snapshot)
          position = log.filter((offset) => offset < (snapshot?.offset ?? 0)).length
        } else {
          const offset = log.slice(0, position)[step]
          if (offset !== undefined && tracker.highestSeen() >= offset) {
            tracker.complete(offset)
            done.add(offset)
          }
        }
        const watermark = tracker.watermark() ?? 0
        expect(watermark).toBeGreaterThanOrEqual(reached)
        for (const offset of log) if (offset < watermark) expect(done).toContain(offset)
        reached = watermark
      }
    }),
  )
})
