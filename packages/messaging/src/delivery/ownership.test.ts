import { expect, test } from 'vitest'
import { scene } from '../testing/delivery-scene.ts'

/** A member with a record in flight, which is frozen. */
async function frozen() {
  const scenery = await scene()
  const one = scenery.member('one')
  await one.delivery.start()
  await scenery.send('a1')
  const [open] = one.open.values()
  if (open === undefined) throw new Error('nothing is in flight')
  scenery.broker.freeze('one')
  return { ...scenery, one, open }
}

test('a member that its group acknowledges may publish, also while it drains', async () => {
  const { member, send, settle } = await scene()
  const one = member('one')
  expect(() => one.delivery.assertMember()).toThrow('fenced')
  await one.delivery.start()
  await send('a1')
  const [open] = one.open.values()
  open?.context.assertOwned()
  const draining = one.delivery.drain()
  await settle()
  open?.context.assertOwned()
  open?.done()
  await draining
  expect(() => open?.context.assertOwned()).toThrow('fenced')
  expect(() => one.delivery.assertMember()).toThrow('fenced')
})

test('a member frozen for less than its session may publish', async () => {
  const { clock, broker, open, one } = await frozen()
  await clock.advance(9_999)
  broker.thaw('one')
  open.context.assertOwned()
  one.delivery.assertMember()
  expect(one.delivery.stats().refused).toBe(0)
})

test('a member frozen past its session may publish nothing when it thaws, before and after it hears that it was replaced', async () => {
  const { clock, broker, member, open, one } = await frozen()
  const other = member('other')
  const joined = other.delivery.start()
  await clock.advance(10_000)
  await joined
  await clock.advance(0)
  expect(other.inFlight()).toEqual(['a1'])
  expect(() => open.context.assertOwned()).toThrow('fenced')
  broker.thaw('one')
  expect(() => open.context.assertOwned()).toThrow('fenced')
  expect(open.context.signal.aborted).toBe(false)
  await clock.advance(0)
  expect(open.context.signal.aborted).toBe(true)
  expect(() => open.context.assertOwned()).toThrow('fenced')
  expect(one.delivery.stats()).toMatchObject({ refused: 3, inFlight: 0 })
})

test('a member that is back in its group may publish, but not for what it had before', async () => {
  const { broker, member, send, settle } = await scene()
  const one = member('one')
  await one.delivery.start()
  await send('a1')
  const [before] = one.open.values()
  broker.expire('one')
  expect(() => one.delivery.assertMember()).toThrow('fenced')
  await settle()
  one.delivery.assertMember()
  expect(() => before?.context.assertOwned()).toThrow('fenced')
  expect([...one.open.values()].map(({ context }) => context.assertOwned())).toEqual([undefined])
})
