import { expect, onTestFinished, test } from 'vitest'
import { scene } from '../testing/delivery-scene.ts'

test('caught up means that what stood in the partition when asked is done', async () => {
  const { member, send, settle } = await scene()
  const one = member('one')
  await one.delivery.start()
  const { signal } = new AbortController()
  expect(await one.delivery.caughtUp(0, signal)).toBe(true)
  await send('a1', 'b1')
  let answer: boolean | undefined
  void one.delivery.caughtUp(0, signal).then((value) => (answer = value))
  await settle()
  await send('c1')
  await one.finish('b1')
  expect(answer).toBeUndefined()
  await one.finish('a1')
  expect(answer).toBe(true)
})

test('caught up is false when the partition leaves, and rejects when aborted', async () => {
  const { broker, member, send, settle } = await scene()
  const one = member('one')
  await one.delivery.start()
  await send('a1')
  const leaving = one.delivery.caughtUp(0, new AbortController().signal)
  const controller = new AbortController()
  const aborted = one.delivery.caughtUp(0, controller.signal)
  await settle()
  controller.abort(new Error('enough'))
  await expect(aborted).rejects.toThrow('enough')
  broker.expire('one')
  expect(await leaving).toBe(false)
  expect(await one.delivery.caughtUp(7, new AbortController().signal)).toBe(false)
})

test('a client that is out of touch with its group is not healthy', async () => {
  const { clock, broker, member } = await scene()
  const { delivery } = member('one', { stallAfterMs: 20_000 })
  expect(delivery.health()).toEqual({ ok: false, reason: 'not started' })
  await delivery.start()
  expect(delivery.health()).toEqual({ ok: true })
  broker.crash('one')
  await clock.advance(20_001)
  expect(delivery.health()).toEqual({ ok: false, reason: 'no contact with the group for 20001 ms' })
})

test('a client that stands still is not healthy, and is again when it goes on', async () => {
  const { clock, broker, member } = await scene()
  const { delivery } = member('one', { stallAfterMs: 20_000 })
  await delivery.start()
  broker.freeze('one')
  await clock.advance(20_001)
  expect(delivery.health()).toMatchObject({ ok: false, reason: 'no contact with the group for 20001 ms' })
  broker.thaw('one')
  await clock.advance(0)
  expect(delivery.health()).toEqual({ ok: true })
  expect(delivery.partitions()).toHaveLength(1)
})

test('commits that fail for long make the service unhealthy, until one succeeds', async () => {
  const { clock, broker, member, send } = await scene()
  const commits: boolean[] = []
  const { delivery, finish } = member('one', { stallAfterMs: 20_000, onCommit: (_, ok) => commits.push(ok) })
  await delivery.start()
  await send('a1')
  broker.setAvailable(false)
  await finish('a1')
  const keepContact = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += 100) {
      broker.setAvailable(true)
      delivery.health()
      broker.setAvailable(false)
      await clock.advance(100)
    }
  }
  await keepContact(20_000)
  expect(delivery.health()).toEqual({ ok: true })
  await keepContact(1_000)
  expect(delivery.health()).toEqual({ ok: false, reason: 'commits have been failing' })
  broker.setAvailable(true)
  await clock.advance(500)
  expect(delivery.health()).toEqual({ ok: true })
  expect([commits.at(0), commits.at(-1), commits.filter((ok) => ok).length]).toEqual([false, true, 1])
})

test('a consumer that has stopped by itself is not healthy, and gives up what it held', async () => {
  const { broker, member, send } = await scene()
  let crash = (): void => undefined
  const fragile: typeof broker = Object.create(broker)
  fragile.consumer = (options) => {
    const inner = broker.consumer(options)
    const start = inner.start.bind(inner)
    inner.start = (handlers) => {
      crash = () => handlers.onCrash(new Error('the client gave up'))
      return start(handlers)
    }
    return inner
  }
  const { delivery, open, faults } = member('one', { broker: fragile })
  await delivery.start()
  await send('a1')
  crash()
  expect(delivery.health()).toEqual({ ok: false, reason: 'the consumer has stopped: internal: the client gave up' })
  expect([...open.values()].map(({ context }) => context.signal.aborted)).toEqual([true])
  expect([delivery.partitions(), faults.map(({ code }) => code)]).toEqual([[], ['internal']])
})

test('a failed commit is reported, counted and tried again', async () => {
  const { clock, broker, member, send, committed } = await scene()
  const { delivery, finish, faults } = member('one')
  await delivery.start()
  await send('a1')
  broker.setAvailable(false)
  await finish('a1')
  await clock.advance(1_000)
  expect(delivery.stats()).toMatchObject({ commits: 0, commitFailures: 2 })
  expect(faults.map(({ code }) => code)).toEqual(['broker_unavailable', 'broker_unavailable'])
  broker.setAvailable(true)
  await clock.advance(500)
  expect(await committed()).toEqual([1])
})

test('the figures of a partition say what is behind, since when, and how far ahead of the watermark work is done', async () => {
  const { clock, member, send } = await scene()
  const { delivery, finish } = member('one', { maxIncompletePerPartition: 3 })
  const before = clock.now()
  await delivery.start()
  await send('a1')
  await clock.advance(1_000)
  await send('b1', 'c1', 'd1')
  await finish('b1')
  await clock.advance(1_000)
  expect(delivery.stats()).toMatchObject({
    inFlight: 2,
    pausedPartitions: 1,
    perPartition: [
      {
        committed: 0,
        watermark: 0,
        highestSeen: 2,
        highestDone: 1,
        high: 4,
        incomplete: 2,
        oldestIncompleteAt: before,
        oldestRecordAt: before,
        paused: true,
      },
    ],
  })
  await finish('a1', 'c1')
  await finish('d1')
  await clock.advance(500)
  expect(delivery.stats().perPartition).toMatchObject([
    { committed: 4, watermark: 4, high: 4, oldestIncompleteAt: null, oldestRecordAt: null, paused: false },
  ])
})

test('a start that fails can be made again', async () => {
  const { broker, member } = await scene()
  const { delivery } = member('one')
  broker.setAvailable(false)
  await expect(delivery.start()).rejects.toMatchObject({ code: 'broker_unavailable' })
  broker.setAvailable(true)
  await delivery.start()
  expect(delivery.partitions()).toHaveLength(1)
  onTestFinished(() => delivery.drain())
})
