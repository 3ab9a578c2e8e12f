import { Fault } from '@concord/contracts'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { createScriptedModel } from './testing.ts'

const request = (name: string, input: Record<string, unknown> = {}) => ({
  prompt: { name, version: '1', hash: 'h', system: '', user: '' },
  input,
  schema: z.object({ n: z.number() }),
  schemaName: 's',
  call: { callId: 'c', agent: 'a', tenantId: 't', requestId: 'r', deadline: 0 },
  signal: new AbortController().signal,
})

test('ordered steps answer in turn, and what is left can be seen', async () => {
  const model = createScriptedModel([
    { answer: { n: 1 } },
    { prompt: 'second', answer: (input: { x: number }) => ({ n: input.x }) },
    { answer: {} },
  ])
  expect((await model.ask(request('first'))).value).toEqual({ n: 1 })
  expect((await model.ask(request('second', { x: 7 }))).value).toEqual({ n: 7 })
  expect(model.remaining()).toHaveLength(1)
})

test('steps by prompt name answer every ask of that prompt', async () => {
  const model = createScriptedModel({ a: { answer: { n: 1 } }, b: { fault: new Fault('model_refused', 'no') } })
  await model.ask(request('a'))
  expect((await model.ask(request('a'))).value).toEqual({ n: 1 })
  await expect(model.ask(request('b'))).rejects.toMatchObject({ code: 'model_refused' })
})

test('an ask that the script does not expect fails', async () => {
  await expect(createScriptedModel([]).ask(request('a'))).rejects.toThrow('no step for the prompt a')
  await expect(createScriptedModel({}).ask(request('toString'))).rejects.toThrow('no step for the prompt toString')
  await expect(createScriptedModel([{ prompt: 'b', answer: { n: 1 } }]).ask(request('a'))).rejects.toThrow('expects the prompt b')
})

test('a scripted answer that its schema refuses fails', async () => {
  await expect(createScriptedModel([{ answer: { n: 'one' } }]).ask(request('a'))).rejects.toThrow('does not match its schema')
})

test('calls are recorded as they were', async () => {
  const model = createScriptedModel({ a: { answer: { n: 1 } } })
  const input = { list: [1] }
  await model.ask(request('a', input))
  input.list.push(2)
  expect(model.calls).toMatchObject([{ prompt: 'a', input: { list: [1] } }])
  expect(Object.isFrozen(model.calls[0]?.input['list'])).toBe(true)
})
