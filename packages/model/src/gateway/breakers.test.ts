import { createVirtualClock } from '@concord/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createBreakers, defaultBreaker as policy, type BreakerChange, type BreakerState, type Breakers } from './breakers.ts'

function setup() {
  const clock = createVirtualClock()
  const changes: BreakerChange[] = []
  const breakers = createBreakers({ clock, onChange: (change) => changes.push(change) })
  return { clock, breakers, changes }
}

function call(breakers: Breakers, failed: boolean, target = 'main/large'): boolean {
  const pass = breakers.enter(target)
  if (failed) pass?.failed()
  else pass?.succeeded()
  return pass !== null
}

function repeat(times: number, run: () => void): void {
  for (let done = 0; done < times; done++) run()
}

test('it opens at the tenth failure of a minute, and for that target alone', () => {
  const { breakers, changes, clock } = setup()
  repeat(9, () => call(breakers, true))
  expect(breakers.state('main/large')).toBe('closed')
  call(breakers, true)
  expect(changes).toEqual([{ target: 'main/large', from: 'closed', to: 'open', until: clock.now() + 30_000 }])
  expect(call(breakers, false)).toBe(false)
  expect(call(breakers, false, 'main/small')).toBe(true)
})

test('it stays closed while more than half of the calls succeed', () => {
  const { breakers } = setup()
  repeat(40, () => (call(breakers, false), call(breakers, false), call(breakers, true)))
  expect(breakers.state('main/large')).toBe('closed')
})

test('failures of more than a minute ago do not count', async () => {
  const { breakers, clock } = setup()
  repeat(9, () => call(breakers, true))
  await clock.advance(60_000)
  call(breakers, true)
  expect(breakers.state('main/large')).toBe('closed')
})

test('after 30 seconds three calls are let through at once, and their success closes it', async () => {
  const { breakers, clock, changes } = setup()
  repeat(10, () => call(breakers, true))
  await clock.advance(29_999)
  expect(breakers.enter('main/large')).toBeNull()
  await clock.advance(1)
  const probes = [1, 2, 3].map(() => breakers.enter('main/large'))
  expect(breakers.enter('main/large')).toBeNull()
  probes.forEach((probe) => probe!.succeeded())
  expect(changes.map(({ to }) => to)).toEqual(['open', 'half-open', 'closed'])
})

test('one failure while half-open opens it anew, and what its other probes say comes too late', async () => {
  const { breakers, clock, changes } = setup()
  repeat(10, () => call(breakers, true))
  await clock.advance(30_000)
  const [first, second] = [breakers.enter('main/large'), breakers.enter('main/large')]
  first!.failed()
  second!.failed()
  expect(changes.map(({ to }) => to)).toEqual(['open', 'half-open', 'open'])
})

test('a probe that says nothing leaves its place to another', async () => {
  const { breakers, clock } = setup()
  repeat(10, () => call(breakers, true))
  await clock.advance(30_000)
  repeat(20, () => breakers.enter('main/large')!.unknown())
  expect(breakers.state('main/large')).toBe('half-open')
})

test('what another process found opens it here, and is not told on', async () => {
  const own = setup()
  const other = setup()
  repeat(10, () => call(other.breakers, true))
  own.breakers.hear(other.changes[0]!)
  expect(own.breakers.state('main/large')).toBe('open')
  expect(own.changes).toEqual([])
  await own.clock.advance(30_000)
  expect(own.breakers.enter('main/large')).not.toBeNull()
})

test('news that is older than what is known changes nothing', async () => {
  const { breakers, clock } = setup()
  const heard = (until: number): BreakerChange => ({ target: 'main/large', from: 'closed', to: 'open', until })
  breakers.hear(heard(clock.now()))
  expect(breakers.state('main/large')).toBe('closed')
  breakers.hear(heard(clock.now() + 2_000))
  breakers.hear(heard(clock.now() + 1_000))
  await clock.advance(1_500)
  expect(breakers.enter('main/large')).toBeNull()
})

/** The rule over again, from the whole history of calls that end as they begin. */
function reference() {
  let state: BreakerState = 'closed'
  let since: { at: number; failed: boolean }[] = []
  let until = 0
  return (now: number, failed: boolean): { let: boolean; state: BreakerState } => {
    if (state === 'open' && now < until) return { let: false, state }
    if (state === 'open') [state, since] = ['half-open', []]
    since.push({ at: now, failed })
    if (state === 'half-open') {
      if (failed) [state, until] = ['open', now + policy.openMs]
      else if (since.length >= policy.probes) [state, since] = ['closed', []]
      return { let: true, state }
    }
    const counted = since.filter(({ at }) => at > now - policy.withinMs)
    const failures = counted.filter((one) => one.failed).length
    if (failed && failures >= policy.failures && failures / counted.length >= policy.share)
      [state, until] = ['open', now + policy.openMs]
    return { let: true, state }
  }
}

test('it does what the plain rule says, whatever the calls and the time between them', async () => {
  const afterMs = fc.oneof({ weight: 9, arbitrary: fc.nat({ max: 4_000 }) }, { weight: 1, arbitrary: fc.nat({ max: 40_000 }) })
  const failed = fc.oneof({ weight: 2, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.boolean() })
  const calls = fc.array(fc.record({ afterMs, failed }), { maxLength: 150, size: 'max' })
  const opened: number[] = []
  await fc.assert(
    fc.asyncProperty(calls, async (steps) => {
      const { breakers, clock, changes } = setup()
      const expected = reference()
      for (const { afterMs, failed } of steps) {
        await clock.advance(afterMs)
        const wanted = expected(clock.now(), failed)
        expect({ let: call(breakers, failed), state: breakers.state('main/large') }).toEqual(wanted)
      }
      opened.push(changes.length)
    }),
    { numRuns: 100 },
  )
  expect(Math.max(...opened)).toBeGreaterThan(3)
})
