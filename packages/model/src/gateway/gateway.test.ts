import { createVirtualClock, eventually } from '@concord/testing'
import { expect, test } from 'vitest'
import type { Endpoint, Failed } from '../endpoint/endpoint.ts'
import type { ModelCallRecord } from '../port.ts'
import { createPrices } from '../prices.ts'
import type { Reply } from '../reply.ts'
import { createBreakers, defaultBreaker, type Breakers } from './breakers.ts'
import { createGateway } from './gateway.ts'
import type { Route, Target } from './routes.ts'
import { aRequest, aTarget, fails, good, listen, says, scripted } from './testing.ts'

function setup(targets: Route['targets'], { shadow = null, breakers }: { shadow?: Route['shadow']; breakers?: Breakers } = {}) {
  const virtual = createVirtualClock()
  const clock = { ...virtual, sleep: (ms: number) => virtual.advance(ms) }
  const records: ModelCallRecord[] = []
  const { events, onEvent } = listen()
  const own = createBreakers({ clock, onChange: ({ target, from, to }) => onEvent({ kind: 'breaker', target, from, to }) })
  const shutdown = new AbortController()
  const gateway = createGateway({
    clock,
    random: () => 0.5,
    routes: () => ({ pick: () => ({ name: 'default', targets, shadow }) }),
    prices: () => createPrices([]),
    breakers: breakers ?? own,
    onCall: (record) => records.push(record),
    onEvent,
    signal: shutdown.signal,
  })
  return { ask: () => gateway.ask(aRequest(clock)), gateway, records, events, clock, shutdown }
}

const outage = (): Endpoint => scripted(fails('model_unavailable'))
const hanging: Endpoint = {
  complete: (_, signal) =>
    new Promise((resolve) => signal.addEventListener('abort', () => resolve(fails('model_unavailable', true)), { once: true })),
}

test('the steps do their part in the order of the list, each around those after it', async () => {
  const log: string[] = []
  const clock = { ...createVirtualClock(), sleep: async () => void log.push('retry: wait') }
  const told = (target: string, said: (Reply | Failed)[]): Target =>
    aTarget(target, { complete: async () => (log.push(`call: ${target}`), said.shift()!) })
  const inner = createBreakers({ clock })
  const breakers: Breakers = {
    ...inner,
    enter: (target) => (
      log.push('breaker: enter'),
      { ...inner.enter(target)!, failed: () => log.push('breaker: failed'), succeeded: () => log.push('breaker: succeeded') }
    ),
  }
  const first = told('main/large', [fails('model_unavailable'), says('{}'), good])
  const shadow = { target: told('main/other', [good]), share: 1 }
  const gateway = createGateway({
    clock,
    random: () => 0,
    routes: () => ({ pick: () => (log.push('route'), { name: 'default', targets: [first], shadow }) }),
    prices: () => (log.push('settle'), createPrices([])),
    breakers,
    onCall: ({ shadow: compared }) => log.push(compared ? 'record: shadow' : 'record'),
    onEvent: ({ kind }) => log.push(`event: ${kind}`),
  })
  await gateway.ask(aRequest(clock))
  log.push('answered')
  await eventually(() => expect(log).toContain('record: shadow'))
  const sent = (target: string, ended: string) => ['breaker: enter', `call: ${target}`, `breaker: ${ended}`]
  const upToAnswer = [
    'route',
    ...sent('main/large', 'failed'),
    'event: retry',
    'retry: wait',
    ...sent('main/large', 'succeeded'),
    'event: correction',
    ...sent('main/large', 'succeeded'),
    'settle',
    'record',
  ]
  expect(log.slice(0, upToAnswer.length)).toEqual(upToAnswer)
  expect(log.slice(upToAnswer.length).filter((line) => line !== 'answered')).toEqual([
    ...sent('main/other', 'succeeded'),
    'settle',
    'record: shadow',
  ])
})

test('when the first endpoint is away the second answers, and the record says why', async () => {
  const second = scripted(good)
  const { ask, records } = setup([aTarget('main/large', outage()), aTarget('second/large', second)])
  const { value, record } = await ask()
  expect(value).toEqual({ n: 1 })
  expect(records).toEqual([record])
  expect(record).toMatchObject({
    route: 'default',
    endpoint: 'second',
    provider: 'second',
    attempts: 5,
    fallbacks: ['main/large: model_unavailable'],
    stoppedBy: null,
    outcome: 'ok',
  })
  expect(second.sent).toHaveLength(1)
})

test('an open breaker sends calls to the next target at once, until the endpoint is back', async () => {
  const first = scripted(...Array(10).fill(fails('model_unavailable')), good)
  const { ask, events, clock } = setup([aTarget('main/large', first), aTarget('second/large')])
  for (let calls = 0; calls < 3; calls++) await ask()
  expect(first.sent).toHaveLength(10)
  expect(events).toContainEqual({ kind: 'breaker', target: 'main/large', from: 'closed', to: 'open' })
  expect((await ask()).record).toMatchObject({ attempts: 1, endpoint: 'second', fallbacks: ['main/large: breaker'] })
  expect(first.sent).toHaveLength(10)
  await clock.advance(30_000)
  for (let probes = 0; probes < 3; probes++)
    expect((await ask()).record).toMatchObject({ endpoint: 'main', breaker: 'half-open' })
  expect((await ask()).record.breaker).toBe('closed')
})

test('where every target is stopped, the call fails at once and says by what', async () => {
  const clock = createVirtualClock()
  const breakers = createBreakers({ clock, policy: { ...defaultBreaker, failures: 1 } })
  breakers.enter('main/large')!.failed()
  const { ask, records } = setup([aTarget('main/large')], { breakers })
  await expect(ask()).rejects.toMatchObject({ code: 'model_unavailable', retryable: true })
  expect(records).toMatchObject([{ outcome: 'failed', attempts: 0, stoppedBy: 'breaker', breaker: 'open' }])
})

test('a shadow call is not waited for, and is recorded apart', async () => {
  const { ask, records, clock } = setup([aTarget('main/large')], { shadow: { target: aTarget('main/other', hanging), share: 1 } })
  await ask()
  expect(records).toMatchObject([{ callId: 'c1', shadow: false, outcome: 'ok' }])
  await clock.advance(60_000)
  await eventually(() => expect(records).toHaveLength(2))
  expect(records[1]).toMatchObject({ callId: 'c1/shadow', route: 'shadow', shadow: true, outcome: 'aborted' })
})

test('shutdown ends calls under way, shadow calls included', async () => {
  const target = aTarget('main/large', hanging)
  const { ask, records, shutdown } = setup([target])
  const ended = ask().catch((error: unknown) => error)
  shutdown.abort()
  expect(await ended).toMatchObject({ code: 'aborted' })
  expect(records).toMatchObject([{ outcome: 'aborted' }])
})
