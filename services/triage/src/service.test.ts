import { failures, Fault, requests, Triage, triaged } from '@concord/contracts'
import { aRequest } from '@concord/contracts/testing'
import { loadDomain, type Domain } from '@concord/domain'
import { libraryFolder } from '@concord/domain/testing'
import { createScriptedModel, type Script } from '@concord/model/testing'
import { runAgent } from '@concord/runtime'
import { createBench } from '@concord/runtime/testing'
import { expect, onTestFinished, test } from 'vitest'
import { createTriage } from './service.ts'

const prompt = { name: 'triage', version: '3', hash: 'h', system: 'Sort.', user: '{{message}}' }
const library: Domain = { ...(await loadDomain(libraryFolder)), prompt: () => prompt }
const answer = { intent: 'renew_loan', language: 'en', urgency: 'high', flags: ['rude'], confidence: 0.9 }

async function setUp(script: Script) {
  const model = createScriptedModel(script)
  const triage = createTriage({ domain: library })
  const bench = await createBench({ manifest: triage, model })
  const running = runAgent(triage, bench.deps)
  onTestFinished(() => running.stop())
  await bench.pass()
  return { ...bench, model }
}

test('a request becomes a triage of its case', async () => {
  const { model, send, on } = await setUp([{ prompt: 'triage', answer }])
  await send(requests, aRequest({ text: 'Renew L123, you fools!' }))
  const [sent] = await on(triaged)
  const { envelope, ...triage } = Triage.parse(sent?.value)
  expect(triage).toMatchObject({
    intent: 'renew_loan',
    entities: [{ kind: 'loan', value: 'L123' }],
    riskFlags: ['rude'],
    urgency: 'high',
  })
  expect(envelope).toMatchObject({
    requestId: 'req-1',
    request: { text: 'Renew L123, you fools!' },
    madeBy: { agent: 'triage', promptVersion: '3', domainVersion: library.version },
    revision: 0,
  })
  expect(model.calls).toMatchObject([{ input: { message: 'Renew L123, you fools!' } }])
})

test('the same request again gives the same triage and asks no model again', async () => {
  const { model, send, on } = await setUp([{ prompt: 'triage', answer }])
  await send(requests, aRequest())
  await on(triaged)
  await send(requests, aRequest())
  const ids = (await on(triaged)).map(({ value }) => Triage.parse(value).envelope.messageId)
  expect(new Set(ids).size).toBe(1)
  expect(model.calls).toHaveLength(1)
})

test('a request that cannot be read is the coordinator’s to quarantine', async () => {
  const { sendRecord, on, figure } = await setUp([])
  await sendRecord({ topic: requests.name, key: 'acme:req-1', value: Buffer.from('no Avro'), headers: {} })
  expect(await on(triaged)).toEqual([])
  expect(await figure('messages_skipped_total', { reason: 'unreadable' })).toBe(1)
  expect(await on(`${requests.name}.triage.dlq`)).toEqual([])
})

test('a request that no model will read goes to the dead letters, and the coordinator is told', async () => {
  const { send, on } = await setUp([{ fault: new Fault('model_refused', 'no') }])
  await send(requests, aRequest())
  expect(await on(failures)).toMatchObject([{ value: { agent: 'triage', code: 'model_refused' } }])
  expect(await on(`${requests.name}.triage.dlq`)).toHaveLength(1)
  expect(await on(triaged)).toEqual([])
})
