import { failures, modelCalls, requests, triaged, type ModelCall } from '@concord/contracts'
import { aModelCall, aRequest } from '@concord/contracts/testing'
import type { Model, ModelCallRecord } from '@concord/model'
import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { createCallLog } from '../call-log.ts'
import { perSecond } from '../limiter/index.ts'
import { skip } from '../outcome.ts'
import { createBench } from '../testing.ts'
import { defineAgent, seconds, type AgentContext } from './define-agent.ts'
import { runAgent } from './run-agent.ts'

const prompt = { name: 'triage', version: '1', hash: 'h', system: 's', user: 'u' }
const question = { prompt, input: {}, schema: z.object({}), schemaName: 'n' }

const { envelope: _, ...call } = aModelCall()

/** A model that ends a call only when it is aborted, some time after, and then says what it has cost. */
async function slowModel(change: Partial<ModelCallRecord> = {}) {
  const log = createCallLog()
  let asked = 0
  const model: Model = {
    ask: ({ signal, call: { callId } }) =>
      new Promise((_resolve, reject) => {
        asked++
        signal.addEventListener('abort', () =>
          setImmediate(() => {
            log.onCall({ ...call, outcome: 'aborted', ...change, callId })
            reject(signal.reason as Error)
          }),
        )
      }),
  }
  const agent = defineAgent({
    name: 'triage',
    version: '1',
    domainVersion: 'd1',
    consumes: [requests],
    produces: [triaged],
    concurrency: 1,
    rate: perSecond(1_000),
    deadline: seconds(30),
    async handle(_message, context: AgentContext) {
      await context.model.ask(question).catch(() => undefined)
      await context.model.ask(question)
      return skip('never')
    },
  })
  const bench = await createBench({ manifest: agent, model, overrides: { failedCall: log.failedCall } })
  const run = runAgent(agent, bench.deps, { clientId: 'triage-0' })
  onTestFinished(async () => {
    await Promise.all([run.stop(), bench.pass(20_000)])
  })
  await bench.pass()
  await bench.send(requests, aRequest())
  return { bench, asked: () => asked }
}

test('a call that ends after its message was given up is recorded all the same, and no other begins', async () => {
  const { bench, asked } = await slowModel()
  await bench.pass(30_000)
  expect(await bench.on(failures)).toMatchObject([{ value: { code: 'deadline_exceeded' } }])
  const calls = (await bench.on(modelCalls)).map(({ value }) => value as ModelCall)
  expect(calls).toMatchObject([{ outcome: 'aborted', envelope: { requestId: 'req-1' } }])
  expect(asked()).toBe(1)
  expect(await bench.figure('model_calls_total', { outcome: 'aborted' })).toBe(1)
})

test('a record of a call that breaks its contract costs the message nothing, and is counted', async () => {
  const { bench } = await slowModel({ promptName: 'x'.repeat(100) })
  await bench.pass(30_000)
  expect(await bench.on(failures)).toMatchObject([{ value: { code: 'deadline_exceeded' } }])
  expect(await bench.on(modelCalls)).toEqual([])
  expect(await bench.figure('attempts_failed_total', { topic: modelCalls.name, code: 'invalid_output' })).toBe(1)
})
