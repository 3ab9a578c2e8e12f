import { Fault } from '@concord/contracts'
import { createMemoryStore } from '@concord/store'
import { createVirtualClock } from '@concord/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { carryOut, type Attempt, type Backend, type Written } from './carry-out.ts'
import { createIntents } from './intents.ts'

const key = 'acme/req-1/extend_loan/loan:L1'
const done: Written = { status: 'done', message: 'The loan is extended.', recordVersion: '2' }
const unavailable = () => new Fault('tool_unavailable', 'away', { retryable: true })

type Call = 'ask' | 'write'
/** What goes wrong at one call: the process dies or the connection breaks, before or after the back end acts; or it never answers. */
type Trouble = 'crash before' | 'crash after' | 'lost before' | 'lost after' | 'hangs'

class Crash extends Error {}

const untilAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason))
  })

/** A back end that counts its effects, with troubles by number of the call. It trusts the executor: a second write has a second effect. */
function createBackend(troubles: readonly (Trouble | null)[] = [], answer: Written = done) {
  const calls: Call[] = []
  let effects = 0
  const at = async <T>(call: Call, signal: AbortSignal, act: () => T): Promise<T> => {
    const trouble = troubles[calls.length]
    calls.push(call)
    if (trouble === 'crash before') throw new Crash()
    if (trouble === 'lost before') throw unavailable()
    if (trouble === 'hangs') await untilAborted(signal)
    const result = act()
    if (trouble === 'crash after') throw new Crash()
    if (trouble === 'lost after') throw unavailable()
    return result
  }
  const backend: Backend = {
    asked: (signal) => at('ask', signal, () => (effects > 0 ? done : null)),
    write: (signal) =>
      at('write', signal, () => {
        if (answer.status === 'done') effects += 1
        return answer
      }),
  }
  return { backend, calls, effects: () => effects }
}

function setUp(troubles: readonly (Trouble | null)[] = [], answer: Written = done) {
  const clock = createVirtualClock()
  const store = createMemoryStore({ clock })
  const intents = createIntents(store, clock, { holdMs: 5_000, horizonMs: 86_400_000 })
  const { backend, calls, effects } = createBackend(troubles, answer)
  const attempt = (change: Partial<Attempt> = {}): Attempt => ({
    key,
    approvalHash: 'a',
    validUntil: clock.now() + 600_000,
    deadline: clock.now() + 20_000,
    signal: new AbortController().signal,
    ...change,
  })
  const deliver = (change: Partial<Attempt> = {}) => carryOut({ backend, intents, clock }, attempt(change))
  /** Delivers while time passes. */
  const deliverInTime = async (change: Partial<Attempt> = {}) => {
    const result = deliver(change).catch((error: unknown) => error as Error)
    await clock.advance(60_000)
    return result
  }
  return { clock, store, calls, effects, deliver, deliverInTime }
}

test('an action is written once, after its back end was asked', async () => {
  const { calls, deliver } = setUp()
  expect(await deliver()).toEqual(done)
  expect(calls).toEqual(['ask', 'write'])
})

test('a delivery after the result gets the result and calls nothing', async () => {
  const { calls, deliver } = setUp()
  await deliver()
  expect(await deliver()).toEqual(done)
  expect(calls).toHaveLength(2)
})

test('a crash between intent and write is resolved by asking, and then written', async () => {
  const { clock, effects, deliver, deliverInTime } = setUp([null, 'crash before'])
  await expect(deliver()).rejects.toThrow(Crash)
  await clock.advance(5_000)
  expect(await deliverInTime()).toEqual(done)
  expect(effects()).toBe(1)
})

test('a crash between write and result is resolved by asking, and not written again', async () => {
  const { calls, effects, deliver } = setUp([null, 'crash after'])
  await expect(deliver()).rejects.toThrow(Crash)
  expect(await deliver()).toEqual(done)
  expect(calls).toEqual(['ask', 'write', 'ask'])
  expect(effects()).toBe(1)
})

test('a lost answer is resolved by asking', async () => {
  const { calls, deliver, effects } = setUp([null, 'lost after'])
  expect(await deliver()).toEqual(done)
  expect(calls).toEqual(['ask', 'write', 'ask'])
  expect(effects()).toBe(1)
})

test('a wiped store does not lead to a second write', async () => {
  const { store, effects, deliver } = setUp()
  await deliver()
  await store.delete(`intent/${key}`)
  expect(await deliver()).toEqual(done)
  expect(effects()).toBe(1)
})

test('of concurrent deliveries one writes and all tell the same', async () => {
  const { calls, clock, effects, deliver } = setUp()
  const results = Promise.all([deliver(), deliver(), deliver()])
  await clock.advance(10_000)
  expect(await results).toEqual([done, done, done])
  expect(calls.filter((call) => call === 'write')).toHaveLength(1)
  expect(effects()).toBe(1)
})

test('another approval under the same key is refused, and nothing is called', async () => {
  const { calls, deliver } = setUp()
  await deliver()
  expect(await deliver({ approvalHash: 'b' })).toMatchObject({ status: 'refused' })
  expect(calls).toHaveLength(2)
})

test('a conflict is told, and leaves the key to the next approval', async () => {
  const conflict: Written = { status: 'conflict', message: 'the record has changed', recordVersion: '3' }
  const { calls, deliver } = setUp([], conflict)
  expect(await deliver()).toEqual(conflict)
  expect(await deliver()).toEqual(conflict)
  expect(calls).toEqual(['ask', 'write'])
  await deliver({ approvalHash: 'b' })
  expect(calls).toEqual(['ask', 'write', 'ask', 'write'])
})

test('what the back end refuses is refused for good', async () => {
  const answer: Written = { status: 'refused', message: 'already returned', recordVersion: null }
  const { calls, deliver } = setUp([], answer)
  expect(await deliver()).toEqual(answer)
  expect(await deliver()).toEqual(answer)
  expect(calls).toEqual(['ask', 'write'])
})

test('an approval that has expired writes nothing', async () => {
  const { clock, effects, deliver } = setUp()
  expect(await deliver({ validUntil: clock.now() })).toMatchObject({ status: 'refused' })
  expect(effects()).toBe(0)
})

test('what was written before the approval expired is done', async () => {
  const { clock, deliver } = setUp([null, 'crash after'])
  const validUntil = clock.now() + 1
  await expect(deliver({ validUntil })).rejects.toThrow(Crash)
  await clock.advance(1)
  expect(await deliver({ validUntil })).toEqual(done)
})

test('a back end that comes back before the deadline is written to', async () => {
  const { effects, deliverInTime } = setUp(['lost before', 'lost before', null, 'lost before'])
  expect(await deliverInTime()).toEqual(done)
  expect(effects()).toBe(1)
})

test('a back end that stays away makes a failure of unknown state', async () => {
  const { deliverInTime, effects } = setUp(Array(100).fill('lost before'))
  expect(await deliverInTime()).toMatchObject({ status: 'failed', message: expect.stringContaining('unknown') })
  expect(effects()).toBe(0)
})

test('a write that keeps failing where the back end still answers makes a failure of known state', async () => {
  const turns: (Trouble | null)[] = Array.from({ length: 100 }, (_, at) => (at % 3 === 1 ? 'lost before' : null))
  const { deliverInTime } = setUp(turns)
  expect(await deliverInTime()).toMatchObject({ status: 'failed', message: expect.stringContaining('nothing was done') })
})

test('a failure settles nothing: a later delivery finds out', async () => {
  const { effects, deliverInTime } = setUp([null, 'lost after', ...Array<Trouble>(15).fill('lost before')])
  expect(await deliverInTime()).toMatchObject({ status: 'failed' })
  expect(await deliverInTime()).toEqual(done)
  expect(effects()).toBe(1)
})

test('a write that hangs ends with its hold', async () => {
  const { effects, deliverInTime } = setUp([null, 'hangs'])
  expect(await deliverInTime()).toEqual(done)
  expect(effects()).toBe(1)
})

test('a shutdown ends the attempt with its own reason', async () => {
  const { deliverInTime } = setUp([null, 'hangs'])
  const reason = new Fault('aborted', 'shutting down')
  const controller = new AbortController()
  const result = deliverInTime({ signal: controller.signal })
  controller.abort(reason)
  expect(await result).toBe(reason)
})

const trouble = fc.constantFrom<Trouble | null>(null, null, 'crash before', 'crash after', 'lost before', 'lost after', 'hangs')

test('whatever goes wrong, in deliveries one after another or at once, there is one effect and it is told', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(trouble, { maxLength: 14 }), fc.boolean(), async (troubles, atOnce) => {
      const { effects, deliverInTime } = setUp(troubles)
      if (atOnce) await Promise.all([deliverInTime(), deliverInTime()])
      for (;;) {
        const told = await deliverInTime()
        expect(effects()).toBeLessThanOrEqual(1)
        if (!('status' in told) || told.status === 'failed') continue
        expect([told, effects()]).toEqual([done, 1])
        return
      }
    }),
    { numRuns: 200 },
  )
})
