import { request as httpRequest } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { faultKinds, type FaultRule } from './faults.ts'
import { createSimulator, type SimulatorOptions } from './simulator.ts'

const schema = { type: 'object', properties: { intent: { type: 'string', enum: ['a', 'none'] }, confidence: { type: 'number' } } }
const body = (content = 'hello', more: object = {}) => ({
  model: 'gpt-whatever',
  messages: [{ role: 'user', content }],
  response_format: { type: 'json_schema', json_schema: { name: 'triage', strict: true, schema } },
  ...more,
})

async function start(options?: SimulatorOptions) {
  const simulator = await createSimulator(options)
  onTestFinished(() => simulator.close())
  const origin = simulator.url.replace('/v1', '')
  const call = (method: string, path: string, value?: unknown) =>
    fetch(`${origin}${path}`, {
      method,
      ...(value === undefined ? {} : { body: typeof value === 'string' ? value : JSON.stringify(value) }),
    })
  const complete = (value: unknown = body()) => call('POST', '/v1/chat/completions', value)
  return { simulator, call, complete }
}

test('an answer says who made it, whatever was asked for, and what it used', async () => {
  const { complete, call } = await start()
  const answer = await (await complete()).json()
  expect(answer).toMatchObject({
    object: 'chat.completion',
    model: 'concord-simulator-1',
    choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', refusal: null } }],
    usage: { prompt_tokens: 2, prompt_tokens_details: { cached_tokens: 0 } },
  })
  expect(JSON.parse(answer.choices[0].message.content)).toEqual({ intent: 'a', confidence: 0.5 })
  expect(answer.usage.total_tokens).toBe(2 + answer.usage.completion_tokens)
  expect(await (await call('GET', '/v1/models')).json()).toMatchObject({ data: [{ id: 'concord-simulator-1' }] })
})

test('the same prompt gets the same answer, from another simulator too', async () => {
  const prompt = body('<claims>[{"id":"c","statement":"So it is."}]</claims>', { response_format: undefined })
  const text = async (seed: number) => (await (await (await start({ seed })).complete(prompt)).json()).choices
  expect(await text(4)).toEqual(await text(4))
  expect(await text(4)).not.toEqual(await text(5))
})

test('without a schema the answer is text', async () => {
  const { complete } = await start()
  const answer = await (await complete(body('Hi there', { response_format: undefined }))).json()
  expect(answer.choices[0].message.content).toBe('Hello,\n\nI have no confirmed information on this.')
})

test('an answer beyond the limit of tokens is cut off and says so', async () => {
  const { complete } = await start()
  const answer = await (await complete(body('hi', { max_completion_tokens: 3 }))).json()
  expect(answer).toMatchObject({ choices: [{ finish_reason: 'length' }], usage: { completion_tokens: 3 } })
})

test.each([
  ['no JSON', '{'],
  ['no messages', {}],
  ['empty messages', body('x', { messages: [] })],
  ['a message without text', body('x', { messages: [{ role: 'user', content: 7 }] })],
  ['a stream', body('x', { stream: true })],
  ['a format without schema', body('x', { response_format: { type: 'json_schema', json_schema: {} } })],
])('%s is a bad request that says why', async (_, value) => {
  const { complete, simulator } = await start()
  const response = await complete(value)
  expect(response.status).toBe(400)
  expect(await response.json()).toMatchObject({ error: { type: 'invalid_request_error', message: expect.stringMatching(/\w+/) } })
  expect(simulator.calls()).toEqual([])
})

test('a body that is too large and an unknown address are refused', async () => {
  const { complete, call } = await start()
  expect((await call('GET', '/v1/nothing')).status).toBe(404)
  expect((await complete('x'.repeat(9 * 1024 * 1024))).status).toBe(413)
})

test('calls are recorded by hash, equal for equal prompts', async () => {
  const { complete, simulator, call } = await start()
  for (const text of ['one', 'two', 'one']) await complete(body(text))
  const calls = simulator.calls()
  expect(calls).toMatchObject([{ schemaName: 'triage', fault: null }, {}, {}])
  expect(calls[0]).toEqual(calls[2])
  expect(calls[0]?.promptHash).not.toBe(calls[1]?.promptHash)
  expect(await (await call('GET', '/_simulator/calls')).json()).toEqual(calls)
})

test.each<[FaultRule, object]>([
  [{ kind: 'truncated' }, { finish_reason: 'length' }],
  [{ kind: 'refusal' }, { message: { content: null, refusal: 'I cannot help with that.' } }],
  [{ kind: 'wrong_type' }, { message: { content: '{"intent":7,"confidence":"seven"}' } }],
  [{ kind: 'malformed' }, { message: { content: expect.stringMatching(/^Certainly\. \{[^}]*$/) } }],
  [{ kind: 'prose' }, { message: { content: expect.stringContaining('```json') } }],
])('the fault %j shows in the choice, once', async (rule, choice) => {
  const { complete, simulator } = await start()
  simulator.setFaults([rule])
  expect((await (await complete()).json()).choices).toMatchObject([choice])
  expect(JSON.parse((await (await complete()).json()).choices[0].message.content)).toHaveProperty('intent', 'a')
  expect(simulator.calls().map(({ fault }) => fault)).toEqual([rule.kind, null])
})

test('the fault empty leaves no choice', async () => {
  const { complete, simulator } = await start()
  simulator.setFaults([{ kind: 'empty' }])
  expect(await (await complete()).json()).toMatchObject({ choices: [] })
})

test('the fault status answers with its code and its wait', async () => {
  const { complete, simulator } = await start()
  simulator.setFaults([{ kind: 'status', code: 429, retryAfter: 3 }])
  const response = await complete()
  expect(response.status).toBe(429)
  expect(response.headers.get('retry-after')).toBe('3')
})

test('the fault reset breaks the connection', async () => {
  const { complete, simulator } = await start()
  simulator.setFaults([{ kind: 'reset' }])
  await expect(complete()).rejects.toThrow()
  expect((await complete()).status).toBe(200)
})

test('the fault hang answers nothing, and holds up neither others nor closing', async () => {
  const { complete, simulator } = await start()
  simulator.setFaults([{ kind: 'hang', match: 'stuck' }])
  const stuck = complete(body('stuck')).then(
    () => 'answered',
    () => 'broken',
  )
  await expect.poll(() => simulator.calls().length).toBe(1)
  expect((await complete()).status).toBe(200)
  await simulator.close()
  expect(await stuck).toBe('broken')
})

test('the fault slow delays its answer', async () => {
  const { complete, simulator } = await start()
  simulator.setFaults([{ kind: 'slow', ms: 50 }])
  const started = performance.now()
  expect((await complete()).status).toBe(200)
  expect(performance.now() - started).toBeGreaterThanOrEqual(45)
})

test('a rule waits for the prompt that it matches, and counts down', async () => {
  const { complete, simulator } = await start()
  simulator.setFaults([{ kind: 'empty', match: 'special', times: 2 }])
  const seen: number[] = []
  for (const text of ['a', 'special', 'b', 'special', 'special'])
    seen.push((await (await complete(body(text))).json()).choices.length)
  expect(seen).toEqual([1, 0, 1, 0, 1])
})

test('a lie waits for a prompt that it can be told in', async () => {
  const { complete, simulator } = await start()
  simulator.setFaults([{ kind: 'overpromise' }])
  await complete()
  const forbidden = '<forbidden>[{"id":"f","statement":"We do it all."}]</forbidden>'
  const text = {
    response_format: {
      type: 'json_schema',
      json_schema: { name: 's', schema: { type: 'object', properties: { text: { type: 'string' } } } },
    },
  }
  expect((await (await complete(body(forbidden, text))).json()).choices[0].message.content).toContain('We do it all.')
  expect(simulator.calls().map(({ fault }) => fault)).toEqual([null, 'overpromise'])
})

test('faults can be set and read over HTTP', async () => {
  const { complete, call } = await start()
  expect((await call('PUT', '/_simulator/faults', [{ kind: 'status', code: 500, times: 2 }])).status).toBe(200)
  expect((await complete()).status).toBe(500)
  expect(await (await call('GET', '/_simulator/faults')).json()).toEqual([{ kind: 'status', code: 500, times: 1 }])
  expect((await call('PUT', '/_simulator/faults', [])).status).toBe(200)
  expect((await complete()).status).toBe(200)
})

test.each([
  [{}, 'the body must be a JSON array'],
  [[7], 'rule 0: must be an object'],
  [[{ kind: 'nap' }], `kind must be one of ${faultKinds[0]}`],
  [[{ kind: 'hang', times: 0 }], 'times must be'],
  [[{ kind: 'hang', match: 7 }], 'match must be'],
  [[{ kind: 'status', code: 200 }], 'code must be'],
  [[{ kind: 'slow', ms: -1 }], 'ms must be'],
])('the fault rules %j are refused with the reason', async (rules, reason) => {
  const { call } = await start()
  const response = await call('PUT', '/_simulator/faults', rules)
  expect(response.status).toBe(400)
  expect((await response.json()).error.message).toContain(reason)
})

test('a client that leaves in the middle of its request harms nobody', async () => {
  const { simulator, complete } = await start()
  await new Promise<void>((resolve) => {
    const broken = httpRequest(`${simulator.url}/chat/completions`, { method: 'POST', headers: { 'content-length': '100' } })
    broken.on('error', () => resolve())
    broken.write('{"messages"', () => broken.destroy(new Error('gone')))
  })
  expect((await complete()).status).toBe(200)
})
