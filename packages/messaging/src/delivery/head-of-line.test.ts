import { expect, test } from 'vitest'
import { scene } from '../testing/delivery-scene.ts'
import { headOfLine } from './head-of-line.ts'
import { createTenure, type Work } from './tenure.ts'

const limits = { span: 100, afterMs: 60_000 }

/** One record at the head that does not end, and others of other keys behind it that are done. */
async function pinned(behind: number, options: Parameters<Awaited<ReturnType<typeof scene>>['member']>[1] = {}) {
  const scenery = await scene()
  const one = scenery.member('one', { headOfLine: limits, ...options })
  await one.delivery.start()
  await scenery.send('a1')
  const [head] = one.open.values()
  if (head === undefined) throw new Error('nothing is in flight')
  for (let i = 0; i < behind; i++) {
    await scenery.send(`b${i}`)
    await one.finish(`b${i}`)
  }
  /** Lets something be done, so that the guard looks. */
  const goOn = async (value: string) => {
    await scenery.send(value)
    await one.finish(value)
    await scenery.clock.advance(500)
  }
  return { ...scenery, one, head, goOn }
}

test('a record that alone holds the watermark back for too long is told to end, and the watermark moves', async () => {
  const { clock, one, head, goOn, committed } = await pinned(100)
  await clock.advance(60_000)
  expect(head.context.signal.aborted).toBe(false)
  await goOn('c1')
  expect(head.context.signal.reason).toMatchObject({ code: 'head_of_line' })
  expect(one.faults.map(({ code }) => code)).toEqual(['head_of_line'])
  expect(one.delivery.stats().headOfLine).toBe(1)
  head.done()
  await clock.advance(500)
  expect(await committed()).toEqual([102])
})

test('a record is let be while it is young, while little is behind it, and while others are at work too', async () => {
  const young = await pinned(100)
  await young.goOn('c1')
  const short = await pinned(97)
  await short.clock.advance(60_000)
  await short.goOn('c1')
  const busy = await pinned(100)
  await busy.send('d1', 'e1', 'f1')
  await busy.clock.advance(60_000)
  await busy.goOn('c1')
  expect([young, short, busy].map(({ head }) => head.context.signal.aborted)).toEqual([false, false, false])
})

test('a record that waits for its retry is tried at once, and every attempt from then on starts aborted', async () => {
  const { clock, one, head, goOn } = await pinned(100)
  head.retry(10_000_000)
  await clock.advance(60_000)
  expect(one.inFlight()).toEqual([])
  await goOn('c1')
  const second = one.open.get('a1')
  expect(second?.context).toMatchObject({ attempt: 2, signal: { aborted: true, reason: { code: 'head_of_line' } } })
  second?.retry(100)
  await clock.advance(100)
  expect(one.open.get('a1')?.context.signal.aborted).toBe(true)
  await goOn('c2')
  expect(one.delivery.stats().headOfLine).toBe(1)
})

test('a handler that does not end though it was told to makes the service unhealthy', async () => {
  const { clock, one, head, goOn } = await pinned(100, { stallAfterMs: 30_000 })
  await clock.advance(60_000)
  await goOn('c1')
  expect(one.delivery.health()).toEqual({ ok: true })
  await clock.advance(30_001)
  expect(one.delivery.health()).toMatchObject({ ok: false, reason: expect.stringContaining('topic/0') })
  head.retry(0)
  await clock.advance(0)
  expect(one.delivery.health()).toEqual({ ok: true })
})

test('the time in which a record waited for its turn is not held against it', () => {
  const tenure = createTenure({ topic: 'topic', partition: 0, committed: null, kept: false })
  const work = (offset: number, firstTriedAt: number | null): Work => ({
    record: { topic: 'topic', partition: 0, offset, key: null, value: null, headers: {}, timestamp: 0 },
    key: 'a',
    tenure,
    firstSeenAt: 0,
    firstTriedAt,
    attempts: 0,
    cancelled: null,
  })
  const head = work(0, null)
  tenure.tracker.track(0, head)
  for (let offset = 1; offset <= 100; offset++) {
    tenure.tracker.track(offset, work(offset, 0))
    tenure.tracker.complete(offset)
  }
  expect(headOfLine(tenure, limits, 60_000)).toBeNull()
  head.firstTriedAt = 50_000
  expect([headOfLine(tenure, limits, 60_000), headOfLine(tenure, limits, 110_000)]).toEqual([null, head])
})
