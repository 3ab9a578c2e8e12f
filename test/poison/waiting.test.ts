/** Faults that may pass wait in place: with jitter, within the deadline, holding up one conversation and no slot; and what ends as a letter gets one. */
import { Fault, requests, triaged } from '@concord/contracts'
import { aRequest } from '@concord/contracts/testing'
import type { Broker } from '@concord/messaging'
import { publish, type Deps } from '@concord/runtime'
import { expect, test } from 'vitest'
import { agentMs, aTriageFor, expectGivenUp, letters, noDeadline, scene, type Handle, type SceneOptions } from './scene.ts'

const passing = () => Promise.reject(new Fault('model_rate_limited', 'wait.', { retryable: true }))
const refusing: Handle = () => Promise.reject(new Fault('model_refused', 'no.'))

/** A generator of numbers in [0, 1) that a seed decides. */
function seeded(seed: number): () => number {
  let state = seed
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
}

test.each([1, 2, 3, 4, 5].map((seed) => seed * 7_919))(
  'no attempt begins after the deadline, whatever the dice say (%i)',
  async (seed) => {
    const begun: number[] = []
    const made = await scene((_, context) => (begun.push(context.now()), passing()), { overrides: { random: seeded(seed) } })
    await made.sendBad({ deadline: noDeadline })
    const start = made.bench.clock.now()
    await made.bench.pass(agentMs)
    await expectGivenUp(made, 'model_rate_limited')
    const waits = begun.slice(1).map((at, index) => at - (begun[index] ?? 0))
    expect(begun.length).toBeGreaterThan(3)
    expect(Math.max(...begun)).toBeLessThan(start + agentMs)
    expect(waits.every((wait, index) => wait >= 0 && wait <= Math.min(10_000, 200 * 2 ** index))).toBe(true)
  },
)

test("the case's deadline ends the waiting where it is earlier than the agent's", async () => {
  const made = await scene(passing)
  const start = made.bench.clock.now()
  await made.sendBad({ deadline: start + 2_000 })
  await made.bench.pass(2_000)
  await expectGivenUp(made, 'model_rate_limited')
})

test('what waits holds its conversation and no slot, even where there is only one', async () => {
  const made = await scene(passing, { concurrency: 1 })
  await made.sendBad({ conversationId: 'c' })
  await made.sendGood('behind', { conversationId: 'c' })
  for (let at = 0; at < 20; at++) await made.sendGood(`g-${at}`)
  await made.bench.pass(1)
  expect(await made.answered()).toHaveLength(20)
  expect(await made.answered()).not.toContain('behind')
  await made.bench.pass(agentMs)
  expect((await made.answered()).at(-1)).toBe('behind')
})

/** A broker that refuses or fails some sends, as the test says. */
function sending(faultOf: (topics: string[]) => Fault | null): (deps: Deps) => Partial<Deps> {
  return ({ broker: real }) => {
    const broker: Broker = {
      consumer: (options) => real.consumer(options),
      admin: () => real.admin(),
      read: (at, range, signal) => real.read(at, range, signal),
      async producer(options) {
        const producer = await real.producer(options)
        return {
          async send(records) {
            const fault = faultOf(records.map(({ topic }) => topic))
            if (fault !== null) throw fault
            await producer.send(records)
          },
          close: () => producer.close(),
        }
      },
    }
    return { broker }
  }
}

const away = new Fault('broker_unavailable', 'away.', { retryable: true })
const notThere = new Fault('invalid_record', 'the topic does not exist.')

test.each([
  ['is away', away],
  ['does not know the topic', notThere],
])(
  'while the broker %s nothing is committed and the letter is tried again; then it says why the message was given up first',
  async (_, fault) => {
    let refused = 0
    let open = false
    const adapt = sending((topics) => (!open && topics.includes(letters) ? (refused++, fault) : null))
    let calls = 0
    const made = await scene((request, context) => (calls++, refusing(request, context)), { adapt })
    await made.sendBad({ conversationId: 'c' })
    await made.sendGood('behind', { conversationId: 'c', deadline: noDeadline })
    await made.sendGood('beside')
    await made.bench.pass(60_000)
    expect(refused).toBeGreaterThan(3)
    expect([await made.letters(), await made.told(), await made.answered()]).toEqual([[], [], ['beside']])
    open = true
    await made.bench.pass(15_000)
    await expectGivenUp(made, 'model_refused')
    expect(calls).toBe(1)
    expect((await made.answered()).toSorted()).toEqual(['behind', 'beside'])
    await made.bench.pass(1_000)
    expect(await made.committed()).toBe(3)
  },
)

test('what is remembered is never replaced by a letter, unless the broker refuses it: it may be out already', async () => {
  let fault: Fault | null = new Fault('internal', 'who knows what became of it.', { retryable: true })
  const adapt = sending((topics) => (topics.includes(triaged.name) ? fault : null))
  const made = await scene(passing, { adapt })
  await made.sendGood('g')
  await made.bench.pass(5 * agentMs)
  expect([await made.letters(), await made.told()]).toEqual([[], []])
  fault = null
  await made.bench.pass(15_000)
  expect(await made.answered()).toEqual(['g'])
})

test('a record that may be another member’s by now is neither answered nor given up', async () => {
  let fenced = true
  const adapt = sending(() => (fenced ? new Fault('fenced', 'no heartbeat for too long.') : null))
  const made = await scene(refusing, { adapt })
  await made.sendBad()
  await made.sendGood('g')
  await made.bench.pass(agentMs)
  expect([await made.letters(), await made.told(), await made.answered(), await made.committed()]).toEqual([[], [], [], 0])
  fenced = false
  await made.bench.pass(15_000)
  await expectGivenUp(made, 'model_refused')
  expect(await made.answered()).toEqual(['g'])
})

/** A store that is away for the writes that the test names, by their number. */
function storeAway(from: number, to: number): Pick<SceneOptions, 'adapt'> {
  let puts = 0
  return {
    adapt: ({ store }) => ({
      store: {
        ...store,
        async put(...write) {
          puts++
          if (puts >= from && puts <= to) throw new Fault('store_unavailable', 'away.', { retryable: true })
          return store.put(...write)
        },
      },
    }),
  }
}

test.each([1, 3, 8])(
  'a store that is away for %i writes costs no finished work: the handler is not called again',
  async (times) => {
    let calls = 0
    const answering: Handle = (_, context) => (calls++, Promise.resolve(publish(triaged, aTriageFor(context))))
    const made = await scene(answering, storeAway(1, times))
    await made.sendBad({ deadline: noDeadline })
    await made.bench.pass(3 * agentMs)
    expect([calls, await made.answered(), await made.letters()]).toEqual([1, ['bad'], []])
  },
)

test('a store that is away when a message is given up costs it neither its letter nor its reason', async () => {
  let calls = 0
  const made = await scene((request, context) => (calls++, refusing(request, context)), storeAway(1, 4))
  await made.sendBad()
  await made.bench.pass(agentMs)
  await expectGivenUp(made, 'model_refused')
  expect(calls).toBe(1)
})

/** A request whose record takes so many bytes, key and framing aside. */
async function requestOf(bytes: number, encode: Deps['codec']['encode']) {
  const sized = (size: number) => {
    const texts = Array.from({ length: 50 }, (_, at) => 'x'.repeat(Math.min(20_000, Math.max(0, size - at * 20_000))))
    return aRequest({ requestId: 'bad', text: 'bad', history: texts.map((text) => ({ role: 'customer', text, at: null })) })
  }
  const least = (await encode(requests, sized(bytes - 1_000))).length
  return sized(bytes - 1_000 + bytes - least)
}

test.each([
  [990_000, 'all of it', /not a function/],
  [997_000, 'all but the stack', /not a function/],
  [999_800, 'where the message stands', /not a function/],
])('a message of %i bytes gets a letter that holds %s', async (bytes, holds, message) => {
  const made = await scene(() => Promise.reject(new TypeError(`x is not a function ${'of '.repeat(1_000)}`)))
  const value = await made.bench.deps.codec.encode(requests, await requestOf(bytes, made.bench.deps.codec.encode))
  expect(value.length).toBe(bytes)
  await made.bench.sendRecord({ topic: requests.name, key: 'acme:bad', value, headers: {} })
  await made.bench.pass(agentMs)
  const [letter] = await made.letters()
  const headers = letter?.headers ?? {}
  expect(letter?.value?.length ?? 0).toBe(holds === 'where the message stands' ? 0 : bytes)
  expect(String(headers['x-error-message'])).toMatch(message)
  expect(String(headers['x-error-stack']) === '').toBe(holds === 'all but the stack')
  expect(['x-original-topic', 'x-original-offset'].map((name) => String(headers[name]))).toEqual([requests.name, '0'])
  expect(await made.told()).toMatchObject([{ code: 'internal', envelope: { requestId: 'bad', request: { history: [] } } }])
  await made.bench.pass(1_000)
  expect(await made.committed()).toBe(1)
})
