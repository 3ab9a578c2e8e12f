import { join } from 'node:path'
import { Fault, systemClock, type Request } from '@concord/contracts'
import { startConstellation } from '@concord/dev-env'
import type { Producer } from '@concord/messaging'
import { eventually } from '@concord/testing'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import type { Client } from '../client/client.ts'
import { createEmbeddedClient } from '../client/embedded.ts'
import { clientOf } from '../embedded/run.ts'
import { decideNow } from '../queue/decide.ts'
import { parseRequest } from '../requests/request-file.ts'
import { sendAndWait } from '../requests/send.ts'
import { root } from '../settings.ts'
import { letterRecord } from '../testing/letters.ts'
import { casePath } from '../trace/steps.ts'
import { serveApi, type ApiServer } from './server.ts'

const token = 'a token that nobody guesses'
let api: ApiServer
let inside: Client
let producer: Producer

beforeAll(async () => {
  const constellation = await startConstellation({
    domainFolder: join(root, 'test', 'domains', 'clinic'),
    run: { ratePerSecond: 1_000, sweepMs: 50, drainBudgetMs: 200 },
  })
  inside = clientOf(constellation, 'acme')
  producer = await constellation.broker.producer({ clientId: 'test' })
  api = await serveApi(inside, token)
  return async () => {
    await api.close()
    await inside[Symbol.asyncDispose]()
    await constellation.stop()
  }
})

function client(): Client {
  const opened = createEmbeddedClient({ url: api.url, token })
  onTestFinished(() => opened[Symbol.asyncDispose]())
  return opened
}

const aQuestion = (text: string): Request => parseRequest({ text }, 'acme', 'test')

async function ask(by: Client, request: Request) {
  const options = { until: 'notice', inFlight: 1, idleMs: 20_000, clock: systemClock, onResult: () => undefined } as const
  const { results } = await sendAndWait({ client: by, requests: [request], ...options })
  return results[0]!
}

test('a request sent through the API gets its outcome through it, and its path can be read', async () => {
  const remote = client()
  const request = aQuestion('blorp zzt')
  const result = await ask(remote, request)
  expect(result).toMatchObject({ requestId: request.requestId, outcome: 'declined' })
  const path = casePath(await remote.entriesOf(request.requestId))
  expect(path).toMatchObject({ outcome: 'declined', traceIds: [result.traceId] })
  expect(await remote.entriesOf('nobody')).toEqual([])
})

test('what the API says is what the client inside says', async () => {
  const remote = client()
  const { requestId } = await ask(remote, aQuestion('I have a crushing pain in my chest'))
  expect(await remote.waiting()).toEqual(await inside.waiting())
  await eventually(async () => expect(await remote.lag()).toMatchObject({ lag: 0 }))
  const { agents, partitions } = await remote.lag()
  expect(partitions).toEqual((await inside.lag()).partitions)
  expect(agents.map(({ agent, pressure }) => [agent, pressure?.replicas])).toContainEqual(['triage', 1])
  const path = async (by: Client) => (await by.entriesOf(requestId)).map((entry) => JSON.stringify(entry)).toSorted()
  await eventually(async () => expect(await path(remote)).toEqual(await path(inside)))
})

test('a person decides through the API, once, and the reply is theirs', async () => {
  const remote = client()
  const { requestId, outcome } = await ask(remote, aQuestion('I have a crushing pain in my chest'))
  expect(outcome).toBe('escalated')
  const wish = { requestId, decision: 'respond', text: 'We will call you.', reason: null, reviewer: 'rae' } as const
  expect(await decideNow(remote, wish)).toMatchObject({ event: 'decided' })
  await expect(decideNow(remote, wish)).rejects.toMatchObject({ code: 'not_found' })
  await eventually(async () =>
    expect(casePath(await remote.entriesOf(requestId))).toMatchObject({ outcome: 'answered', text: 'We will call you.' }),
  )
})

test('words that are refused may be followed by others on the same version', async () => {
  const remote = client()
  const { requestId } = await ask(remote, aQuestion('I have a crushing pain in my chest'))
  const wish = { requestId, reason: null, reviewer: 'rae' } as const
  await expect(decideNow(remote, { ...wish, decision: 'approve', text: null })).rejects.toThrow('There is no draft to approve')
  expect(await decideNow(remote, { ...wish, decision: 'respond', text: 'We will call.' })).toMatchObject({ event: 'decided' })
})

test('dead letters are listed, shown, replayed and discarded through the API', async () => {
  const remote = client()
  for (const offset of ['0', '1']) {
    await producer.send([letterRecord({ headers: { 'x-original-offset': offset, ce_subject: `r-${offset}` } })])
  }
  const letters = await remote.deadLetters()
  expect(letters).toMatchObject([{ requestId: 'r-0' }, { requestId: 'r-1' }])
  expect(letters).toEqual(await inside.deadLetters())
  const [first, second] = letters
  expect(await remote.deadLetter(first!.id, false)).toMatchObject({ letter: first, message: { unreadable: expect.any(String) } })
  expect(await remote.standings([{ tenantId: 'acme', requestId: 'r-0' }])).toMatchObject([{ status: 'none' }])
  expect(await remote.replay({ id: first!.id, by: 'ada', force: false })).toMatchObject({ outcome: 'sent', replays: 1 })
  await remote.discard({ id: second!.id, by: 'ada', reason: 'a test' })
  const settled = (await remote.deadLetters()).filter(({ group }) => group === 'triage')
  expect(settled.map(({ settlements }) => settlements[0]?.action)).toEqual(['replayed', 'discarded'])
  await expect(remote.deadLetter('nobody.v1.knows/0/0', false)).rejects.toMatchObject({ code: 'not_found' })
})

test('without the token nothing is answered', async () => {
  for (const authorization of ['', 'Bearer wrong', `Bearer ${token}x`]) {
    const response = await fetch(`${api.url}/queue`, { headers: { authorization } })
    expect(response.status).toBe(401)
  }
  await expect(createEmbeddedClient({ url: api.url, token: 'wrong' }).waiting()).rejects.toThrow('the token is wrong')
})

test.each([
  ['no JSON', '{', 'the body is no JSON'],
  ['no request', '{"text":""}', 'the text is empty'],
  ['too much', `"${'a'.repeat(1_100_000)}"`, 'the body is larger than'],
])('a body that is %s is refused with the reason', async (_, body, words) => {
  const response = await fetch(`${api.url}/requests`, { method: 'POST', headers: { authorization: `Bearer ${token}` }, body })
  expect(response.status).toBe(400)
  expect(await response.json()).toMatchObject({ code: 'invalid_input', message: expect.stringContaining(words) })
})

test('an address that is not there is not found', async () => {
  const response = await fetch(`${api.url}/nothing`, { headers: { authorization: `Bearer ${token}` } })
  expect(response.status).toBe(404)
})

test('whoever follows the replies is told when the constellation ends', async () => {
  const own = await serveApi(inside, token)
  const ended: unknown[] = []
  const remote = createEmbeddedClient({ url: own.url, token })
  await remote.watchReplies(
    () => undefined,
    (error) => ended.push(error),
  )
  await own.close()
  await eventually(() => expect(ended).toEqual([expect.any(Fault)]))
})
