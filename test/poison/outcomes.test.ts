/** What a handler returns and must not: a clear code, one dead letter, the coordinator told, and nothing of it published. */
import { policy, triaged, type Topic, type Triage } from '@concord/contracts'
import { aPolicy, aTriage, anEnvelope } from '@concord/contracts/testing'
import { giveUp, publish, skip, type AgentContext } from '@concord/runtime'
import { expect, test } from 'vitest'
import { aTriageFor, expectGivenUp, scene } from './scene.ts'

const good = (context: AgentContext, changes: Partial<Triage> = {}) => publish(triaged, aTriageFor(context, changes))
const noun = (context: AgentContext, name: string) => ({
  ...good(context),
  value: { ...aTriageFor(context), envelope: context.envelope({ noun: name }) },
})
const wrong = (context: AgentContext, changes: Record<string, unknown>) =>
  publish(triaged, { ...aTriageFor(context), ...changes })
const elsewhere = (context: AgentContext, field: string) =>
  wrong(context, { envelope: { ...context.envelope(), [field]: 'another' } })

/** Bears a declared name, and accepts anything. */
const forged: Topic = { ...triaged, schema: { safeParse: (data: unknown) => ({ success: true, data }) } } as never

const throwing = {
  get intent(): string {
    throw new TypeError('do not look')
  },
}

const returned: [name: string, returns: (context: AgentContext) => unknown, code: string][] = [
  ['nothing', () => undefined, 'invalid_output'],
  ['null', () => null, 'invalid_output'],
  ['a number', () => 42, 'invalid_output'],
  ['a value without an outcome', (context) => aTriageFor(context), 'invalid_output'],
  ['a handler', () => () => undefined, 'invalid_output'],
  ['an outcome of another kind', () => ({ kind: 'ignore' }), 'invalid_output'],
  ['a list with nothing in it', () => [undefined], 'invalid_output'],
  ['a skip among outputs', (context) => [good(context), skip('x')], 'invalid_output'],
  ['giving up among outputs', (context) => [good(context), giveUp(new Error('x') as never)], 'invalid_output'],
  ['a skip whose reason is text of a customer', () => skip('I want my money back! Now!'), 'invalid_output'],
  ['an undeclared topic', (context) => publish(policy, { ...aPolicy(), envelope: context.envelope() }), 'undeclared_output'],
  [
    'an unknown topic',
    (context) => ({ ...good(context), topic: { ...triaged, name: 'concord.secrets.v1' } }),
    'undeclared_output',
  ],
  ['no envelope', () => publish(triaged, { ...aTriage(), envelope: undefined as never }), 'invalid_output'],
  ['an empty envelope', () => publish(triaged, { ...aTriage(), envelope: {} as never }), 'invalid_output'],
  ['no value', () => publish(triaged, undefined as never), 'invalid_output'],
  ['a value that zod refuses', (context) => good(context, { confidence: 2 }), 'invalid_output'],
  ['not a number', (context) => good(context, { confidence: NaN }), 'invalid_output'],
  ['a value of another type', (context) => wrong(context, { intent: 17 }), 'invalid_output'],
  ['a value that throws when it is looked at', (context) => wrong(context, { intent: throwing }), 'invalid_output'],
  ['a forged topic for a wrong value', (context) => ({ ...wrong(context, { intent: 17 }), topic: forged }), 'invalid_output'],
  ['an answer of another tenant', (context) => elsewhere(context, 'tenantId'), 'invalid_output'],
  ['an answer to another request', (context) => elsewhere(context, 'requestId'), 'invalid_output'],
  ['an answer to other content', (context) => elsewhere(context, 'requestHash'), 'invalid_output'],
  ['an answer in another conversation', (context) => elsewhere(context, 'conversationId'), 'invalid_output'],
  [
    'an envelope of its own making',
    () => publish(triaged, aTriage({ envelope: anEnvelope({ requestId: 'x' }) })),
    'invalid_output',
  ],
  ['two answers under one id', (context) => [good(context), good(context, { intent: 'other' })], 'invalid_output'],
  [
    'a good one before an undeclared one',
    (context) => [good(context), { ...noun(context, 'b'), topic: policy }],
    'undeclared_output',
  ],
  ['a good one before a wrong one', (context) => [good(context), { ...noun(context, 'b'), value: {} }], 'invalid_output'],
  ['999 good ones before a wrong one', (context) => [...many(context, 999), wrong(context, { intent: 17 })], 'invalid_output'],
]

function many(context: AgentContext, count: number, changes: Partial<Triage> = {}) {
  return Array.from({ length: count }, (_, at) =>
    publish(triaged, { ...aTriageFor(context, changes), envelope: context.envelope({ noun: `triage/${at}` }) }),
  )
}

test.each(returned)('%s: given up at once, and nothing is published', async (_, returns, code) => {
  const made = await scene((_request, context) => returns(context))
  await made.sendBad({ conversationId: 'c' })
  await made.sendGood('behind', { conversationId: 'c' })
  await made.bench.pass()
  await expectGivenUp(made, code)
  expect(await made.answered()).toEqual(['behind'])
})

test.each([1_000_000, 2_000_000])(
  'an answer of %i bytes, which no record holds, is given up, and its own message with it',
  async (bytes) => {
    const riskFlags = Array.from({ length: bytes / 64 }, (_, at) => String(at).padEnd(64, 'x'))
    const made = await scene((_, context) => good(context, { riskFlags }))
    await made.sendBad({ conversationId: 'c' })
    await made.sendGood('behind', { conversationId: 'c' })
    await made.bench.pass()
    await expectGivenUp(made, 'invalid_record')
    expect(await made.answered()).toEqual(['behind'])
  },
)

test('a thousand outputs go out, in their order', async () => {
  const made = await scene((_, context) => many(context, 1_000))
  await made.sendBad()
  const sent = (await made.bench.on(triaged)).map(({ value }) => (value as Triage).envelope.messageId)
  expect(new Set(sent).size).toBe(1_000)
  expect(await made.letters()).toEqual([])
  await made.bench.pass(1_000)
  expect(await made.committed()).toBe(1)
})

test('no output at all is an answer too', async () => {
  const made = await scene(() => [])
  await made.sendBad()
  await made.bench.pass(1_000)
  expect([await made.answered(), await made.letters(), await made.committed()]).toEqual([[], [], 1])
})
