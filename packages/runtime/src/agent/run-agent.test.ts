import { Fault, failures, modelCalls, policy, requests, triaged, type Failure, type Triage } from '@concord/contracts'
import { aRequest, aTriage } from '@concord/contracts/testing'
import { createScriptedModel } from '@concord/model/testing'
import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { createBench, type Bench, type BenchOptions } from '../testing.ts'
import { perSecond } from '../limiter/index.ts'
import { giveUp, publish, skip } from '../outcome.ts'
import type { Running } from '../deps.ts'
import { defineAgent, seconds, type Agent, type AgentContext } from './define-agent.ts'
import { runAgent } from './run-agent.ts'

const prompt = { name: 'triage', version: '1', hash: 'h', system: 'Classify.', user: '<text>{{text}}</text>' }

type Handle = (message: { text: string }, context: AgentContext) => ReturnType<Agent['handle']>

const triageOf = (context: AgentContext): Triage => ({ ...aTriage(), envelope: context.envelope() })

function agent(handle: Handle): Agent {
  const made = defineAgent({
    name: 'triage',
    version: '1.2.3',
    domainVersion: 'd1',
    consumes: [requests],
    produces: [triaged],
    concurrency: 4,
    rate: perSecond(1_000),
    deadline: seconds(30),
    handle: handle as never,
  })
  return made
}

async function running(handle: Handle, options: Partial<BenchOptions> = {}): Promise<{ bench: Bench; run: Running }> {
  const made = agent(handle)
  const bench = await createBench({ manifest: made, ...options })
  const run = runAgent(made, bench.deps, { clientId: 'triage-0' })
  onTestFinished(async () => {
    const stopping = run.stop()
    await bench.pass(20_000)
    await stopping
  })
  await bench.pass()
  await run.started
  return { bench, run }
}

const dlq = 'concord.requests.v1.triage.dlq'

test('an answer is published with the trace, the key and the ids of its request', async () => {
  const { bench } = await running(async (_, context) => publish(triaged, triageOf(context)))
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
  await bench.send(requests, aRequest({ conversationId: 'c-9' }), { traceparent, tracestate: 'x=1' })
  const [answer] = await bench.on(triaged)
  const value = answer?.value as Triage
  expect(value.envelope).toMatchObject({ requestId: 'req-1', madeBy: { agent: 'triage', version: '1.2.3', domainVersion: 'd1' } })
  expect(value.envelope.basedOn).toEqual([{ id: expect.any(String), hash: value.envelope.requestHash }])
  expect(answer?.record.key?.toString()).toBe('acme:c-9')
  const headers = Object.fromEntries(Object.entries(answer?.record.headers ?? {}).map(([name, bytes]) => [name, String(bytes)]))
  expect(headers).toMatchObject({
    ce_id: value.envelope.messageId,
    ce_source: '/agents/triage',
    ce_subject: 'req-1',
    tracestate: 'x=1',
  })
  expect(headers['traceparent']).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-(?!b7ad6b7169203331)[0-9a-f]{16}-01$/)
})

test('the offset is committed when the answer is out', async () => {
  const { bench } = await running(async (_, context) => publish(triaged, triageOf(context)))
  await bench.send(requests, aRequest())
  await bench.pass(2_000)
  const committed = await (await bench.broker.admin()).committed('triage', requests.name)
  expect(committed.map(({ offset }) => offset)).toContain(1)
  expect(await bench.figure('messages_handled_total')).toBe(1)
})

test('the same request again costs nothing and publishes nothing', async () => {
  let calls = 0
  const { bench } = await running(async (_, context) => (calls++, publish(triaged, triageOf(context))))
  await bench.send(requests, aRequest())
  await bench.send(requests, aRequest())
  expect(await bench.on(triaged)).toHaveLength(1)
  expect(calls).toBe(1)
  expect(await bench.figure('messages_skipped_total', { reason: 'duplicate' })).toBe(1)
})

test('a skip publishes nothing and is counted by its reason', async () => {
  const { bench } = await running(async () => skip('not_mine'))
  await bench.send(requests, aRequest())
  expect(await bench.on(triaged)).toEqual([])
  expect(await bench.figure('messages_skipped_total', { reason: 'not_mine' })).toBe(1)
})

test('what a handler gives up is a dead letter, untouched, and a failure for the coordinator', async () => {
  const { bench } = await running(async () => giveUp(new Fault('model_refused', 'the model declined.')))
  await bench.send(requests, aRequest())
  const [letter] = await bench.on(dlq)
  const [original] = await bench.on(requests)
  expect(letter?.value).toEqual(original?.record.value)
  expect(letter?.record.key).toEqual(original?.record.key)
  expect(String(letter?.record.headers['x-error-class'])).toBe('model_refused')
  const [failure] = await bench.on(failures)
  expect(failure?.value as Failure).toMatchObject({ agent: 'triage', code: 'model_refused', topic: requests.name, offset: 0 })
})

test('a retryable fault is tried again until it passes', async () => {
  let attempts = 0
  const { bench } = await running(async (_, context) => {
    if (context.attempt < 3) throw new Fault('model_rate_limited', 'wait.', { retryable: true })
    attempts = context.attempt
    return publish(triaged, triageOf(context))
  })
  await bench.send(requests, aRequest())
  await bench.pass(5_000)
  expect(await bench.on(triaged)).toHaveLength(1)
  expect(attempts).toBe(3)
  expect(await bench.on(dlq)).toEqual([])
})

test.each([
  ['a TypeError', () => new TypeError('x is not a function')],
  ['a RangeError', () => new RangeError('out of range')],
  ['a string', () => 'no error at all'],
  ['undefined', () => undefined],
])('%s thrown for as long as the deadline allows ends as a dead letter, and the service lives', async (_, thrown) => {
  const { bench, run } = await running(async (message, context) => {
    const error: unknown = thrown()
    // oxlint-disable-next-line typescript/only-throw-error -- what a careless handler might throw
    if (message.text === 'bad') throw error
    return publish(triaged, triageOf(context))
  })
  await bench.send(requests, aRequest({ text: 'bad' }))
  await bench.pass(40_000)
  expect(await bench.on(dlq)).toHaveLength(1)
  expect(await bench.on(failures)).toHaveLength(1)
  await bench.send(requests, aRequest({ requestId: 'req-2' }))
  expect(await bench.on(triaged)).toHaveLength(1)
  expect(run.health()).toEqual({ ok: true })
})

test('a handler that never ends is cut off by the deadline', async () => {
  const { bench } = await running(() => new Promise(() => {}))
  await bench.send(requests, aRequest())
  await bench.pass(29_000)
  expect(await bench.on(failures)).toEqual([])
  await bench.pass(2_000)
  const [failure] = await bench.on(failures)
  expect(failure?.value).toMatchObject({ code: 'deadline_exceeded' })
})

test('a case whose time is over is skipped as late', async () => {
  const { bench } = await running(async (_, context) => publish(triaged, triageOf(context)))
  await bench.send(requests, aRequest({ deadline: bench.clock.now() - 1 }))
  expect(await bench.on(triaged)).toEqual([])
  expect(await bench.figure('messages_skipped_total', { reason: 'late' })).toBe(1)
})

test('a request that nobody can read is counted and left to the coordinator', async () => {
  const { bench } = await running(async () => skip('never'))
  await bench.sendRecord({ topic: requests.name, key: 'acme:c', value: Buffer.from('not avro'), headers: {} })
  expect(await bench.on(dlq)).toEqual([])
  expect(await bench.figure('messages_skipped_total', { reason: 'unreadable' })).toBe(1)
})

test('publishing what the manifest does not declare is refused at run time', async () => {
  const { bench } = await running(async (_, context) => publish(policy, { envelope: context.envelope() } as never))
  await bench.send(requests, aRequest())
  const [failure] = await bench.on(failures)
  expect(failure?.value).toMatchObject({ code: 'undeclared_output' })
  expect(await bench.on(policy)).toEqual([])
})

test('every call of a model is a record on model-calls, published with the answer', async () => {
  const model = createScriptedModel({ triage: { answer: { intent: 'x' } } })
  const ask = { prompt, input: { text: 'hi' }, schema: z.object({ intent: z.string() }), schemaName: 'triage' }
  const handle: Handle = async (_, context) => {
    await context.model.ask(ask)
    return publish(triaged, triageOf(context))
  }
  const { bench } = await running(handle, { model })
  await bench.send(requests, aRequest())
  const [call] = await bench.on(modelCalls)
  expect(call?.value).toMatchObject({ agent: 'triage', promptName: 'triage', outcome: 'ok', envelope: { requestId: 'req-1' } })
  expect(model.calls[0]?.call).toMatchObject({ agent: 'triage', tenantId: 'acme', requestId: 'req-1' })
  expect(await bench.figure('model_calls_total', { outcome: 'ok' })).toBe(1)
})
