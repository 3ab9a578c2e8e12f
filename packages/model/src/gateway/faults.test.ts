/** What an endpoint can do wrong, over HTTP, with a second one behind it. docs/models.md lists these by their titles. */
import { createSimulator, type FaultRule } from '@concord/simulator'
import { createVirtualClock, eventually } from '@concord/testing'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { createChatEndpoint } from '../endpoint/chat-endpoint.ts'
import { createPrices } from '../prices.ts'
import { createBreakers } from './breakers.ts'
import { createGateway } from './gateway.ts'
import type { Route, Target } from './routes.ts'
import { aRequest, aTarget } from './testing.ts'

const aboutNumbers = { system: 'Say a number.', user: '<message>{{message}}</message>' }

function setup(urls: [string, ...string[]]) {
  const virtual = createVirtualClock()
  const waits: number[] = []
  const clock = { ...virtual, sleep: (ms: number) => (waits.push(ms), virtual.advance(ms)) }
  const [first, ...others] = urls.map((baseURL, index): Target => {
    const endpoint = createChatEndpoint({ baseURL, apiKey: 'none', clock, connectTimeoutMs: 5_000, lastResortMs: 60_000 })
    return aTarget(`${['main', 'second'][index]}/large`, endpoint)
  })
  const route: Route = { name: 'default', targets: [first!, ...others], shadow: null }
  const gateway = createGateway({
    clock,
    random: () => 0.5,
    routes: () => ({ pick: () => route }),
    prices: () => createPrices([]),
    breakers: createBreakers({ clock }),
  })
  const request = aRequest(clock)
  const ask = () => gateway.ask({ ...request, prompt: { ...request.prompt, ...aboutNumbers } })
  return { ask, clock, waits }
}

async function twoSimulators(faults: FaultRule[]) {
  const [main, second] = await Promise.all([createSimulator(), createSimulator()])
  onTestFinished(() => Promise.all([main.close(), second.close()]).then(() => undefined))
  main.setFaults(faults)
  return { main, second, ...setup([main.url, second.url]) }
}

test.each<[string, FaultRule, number]>([
  ['errors of the server', { kind: 'status', code: 500 }, 4],
  ['broken connections', { kind: 'reset' }, 4],
  ['rate limits without an end', { kind: 'status', code: 429 }, 4],
  ['a rate limit that lasts', { kind: 'status', code: 429, retryAfter: 20 }, 1],
  ['a key that is refused', { kind: 'status', code: 401 }, 1],
  ['a model that it does not have', { kind: 'status', code: 404 }, 1],
])('%s at the first endpoint: the second answers', async (_, rule, tries) => {
  const { ask, main, second } = await twoSimulators([{ ...rule, times: 'always' }])
  const { record } = await ask()
  expect(record).toMatchObject({ outcome: 'ok', endpoint: 'second', attempts: tries + 1 })
  expect(record.fallbacks).toHaveLength(1)
  expect([main.calls().length, second.calls().length]).toEqual([tries, 1])
})

test('an endpoint that hangs is cut off after its time, and the second answers', async () => {
  const { ask, clock, main } = await twoSimulators([{ kind: 'hang', times: 'always' }])
  const answer = ask()
  await eventually(() => expect(main.calls()).toHaveLength(1))
  await clock.advance(30_000)
  expect((await answer).record).toMatchObject({ endpoint: 'second', attempts: 2, fallbacks: ['main/large: model_unavailable'] })
})

test('an answer that is slow, but in time, is waited for', async () => {
  const { ask, second } = await twoSimulators([{ kind: 'slow', ms: 300 }])
  expect((await ask()).record).toMatchObject({ endpoint: 'main', attempts: 1 })
  expect(second.calls()).toEqual([])
})

test.each<FaultRule['kind']>(['malformed', 'truncated', 'wrong_type', 'empty'])(
  'an answer spoilt by %s is corrected where it came from',
  async (kind) => {
    const { ask, second } = await twoSimulators([{ kind }])
    expect((await ask()).record).toMatchObject({ outcome: 'ok', endpoint: 'main', attempts: 2, fallbacks: [] })
    expect(second.calls()).toEqual([])
  },
)

test('prose around the answer costs nothing', async () => {
  const { ask } = await twoSimulators([{ kind: 'prose' }])
  expect((await ask()).record).toMatchObject({ outcome: 'ok', attempts: 1 })
})

test('a refusal is not taken to another endpoint', async () => {
  const { ask, second } = await twoSimulators([{ kind: 'refusal' }])
  await expect(ask()).rejects.toMatchObject({ code: 'model_refused', retryable: false })
  expect(second.calls()).toEqual([])
})

const completion = JSON.stringify({ choices: [{ message: { content: '{"n":1}' }, finish_reason: 'stop' }], usage: {} })

/** An endpoint that answers with these in turn. */
async function anEndpoint(...answers: ((response: ServerResponse) => void)[]): Promise<string> {
  const server = createServer((request, response) => request.resume().on('end', () => answers.shift()?.(response)))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void (server.close(), server.closeAllConnections()))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
}

const answers = (response: ServerResponse): void =>
  void response.writeHead(200, { 'content-type': 'application/json' }).end(completion)

test.each([
  ['retry-after-ms', '1500', 1_500],
  ['x-ms-retry-after-ms', '1700', 1_700],
  ['retry-after', '2', 2_000],
  ['retry-after', 'Thu, 01 Jan 2026 00:00:04 GMT', 4_000],
])('a rate limit is waited out as %s: %s asks', async (header, value, ms) => {
  const { ask, waits } = setup([await anEndpoint((response) => void response.writeHead(429, { [header]: value }).end(), answers)])
  expect((await ask()).record).toMatchObject({ outcome: 'ok', attempts: 2 })
  expect(waits).toEqual([ms])
})

test('a connection that breaks within an answer is tried again', async () => {
  const half = (response: ServerResponse): void => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': completion.length })
    response.write(completion.slice(0, 20), () => response.destroy())
  }
  const { ask } = setup([await anEndpoint(half, answers)])
  expect((await ask()).record).toMatchObject({ outcome: 'ok', attempts: 2 })
})

test('an answer that stops in the middle is cut off after its time', async () => {
  let begun = false
  const half = (response: ServerResponse): void => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': completion.length })
    response.write(completion.slice(0, 20), () => (begun = true))
  }
  const { ask, clock } = setup([await anEndpoint(half, answers)])
  const answer = ask()
  await eventually(() => expect(begun).toBe(true))
  await clock.advance(30_000)
  expect((await answer).record).toMatchObject({ outcome: 'ok', attempts: 2 })
})
