import { Fault } from '@concord/contracts'
import type { Model, ModelCallRecord } from '@concord/model'
import { createScriptedModel } from '@concord/model/testing'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { bindModel } from './bound-model.ts'
import { createCallLog } from './call-log.ts'

const prompt = { name: 'p', version: '1', hash: 'h', system: 's', user: 'u' }
const question = { prompt, input: {}, schema: z.object({ n: z.number() }), schemaName: 'n' }
const call = { agent: 'triage', tenantId: 'acme', requestId: 'r', deadline: 1 }
const { signal } = new AbortController()

test('each call of a message has an id of its own, the same when the work is done again', async () => {
  for (const _ of [1, 2]) {
    const model = createScriptedModel([{ answer: { n: 1 } }, { answer: { n: 2 } }])
    const records: ModelCallRecord[] = []
    const bound = bindModel({ model, call, messageId: 'm', signal, onCall: (record) => void records.push(record) })
    await bound.ask(question)
    await bound.ask(question)
    expect(records.map(({ callId }) => callId)).toEqual(['triage/m/1', 'triage/m/2'])
    expect(model.calls[0]?.call).toEqual({ ...call, callId: 'triage/m/1' })
  }
})

test('a rejected call is recorded too, once', async () => {
  const { record } = await createScriptedModel([{ answer: { n: 1 } }]).ask({
    ...question,
    call: { ...call, callId: 'x' },
    signal,
  })
  const calls = createCallLog()
  const refusing: Model = {
    ask({ call: { callId } }) {
      calls.onCall({ ...record, callId, outcome: 'refused' })
      return Promise.reject(new Fault('model_refused', 'no.'))
    },
  }
  const records: ModelCallRecord[] = []
  const { failedCall } = calls
  const bound = bindModel({ model: refusing, call, messageId: 'm', signal, failedCall, onCall: (one) => void records.push(one) })
  await expect(bound.ask(question)).rejects.toMatchObject({ code: 'model_refused' })
  expect(records.map(({ callId, outcome }) => [callId, outcome])).toEqual([['triage/m/1', 'refused']])
  expect(failedCall('triage/m/1')).toBeUndefined()
})

test('records that nobody asks for are forgotten, oldest first', async () => {
  const calls = createCallLog()
  const { record } = await createScriptedModel([{ answer: { n: 1 } }]).ask({
    ...question,
    call: { ...call, callId: 'x' },
    signal,
  })
  for (let n = 0; n <= 1_000; n++) calls.onCall({ ...record, callId: String(n), outcome: 'failed' })
  expect(calls.failedCall('0')).toBeUndefined()
  expect(calls.failedCall('1')).toBeDefined()
})

test('once the signal has aborted no call begins; a signal of the question ends it earlier', async () => {
  const seen: AbortSignal[] = []
  const model: Model = {
    ask: ({ signal: given }) => (seen.push(given), Promise.reject(new Fault('model_refused', 'no.'))),
  }
  const [message, own] = [new AbortController(), new AbortController()]
  const bound = bindModel({ model, call, messageId: 'm', signal: message.signal, onCall: () => undefined })
  await bound.ask({ ...question, signal: own.signal }).catch(() => undefined)
  await bound.ask({ ...question, signal: new AbortController().signal }).catch(() => undefined)
  own.abort()
  expect(seen.map(({ aborted }) => aborted)).toEqual([true, false])
  message.abort(new Fault('deadline_exceeded', 'over.'))
  expect(seen.map(({ aborted }) => aborted)).toEqual([true, true])
  await expect(bound.ask(question)).rejects.toMatchObject({ code: 'deadline_exceeded' })
  expect(seen).toHaveLength(2)
})
