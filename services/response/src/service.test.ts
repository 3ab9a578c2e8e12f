import { basisOf, briefs, contentHash, Draft, drafts, failures, Fault } from '@concord/contracts'
import { aBrief, aClaim, aVerdict } from '@concord/contracts/testing'
import { loadDomain, type Domain } from '@concord/domain'
import { libraryFolder } from '@concord/domain/testing'
import { createScriptedModel, type Script } from '@concord/model/testing'
import { runAgent } from '@concord/runtime'
import { createBench } from '@concord/runtime/testing'
import { expect, onTestFinished, test } from 'vitest'
import { createResponse } from './service.ts'

const prompt = { name: 'response', version: '3', hash: 'h', system: 'Reply.', user: '{{message}}' }
const library: Domain = { ...(await loadDomain(libraryFolder)), prompt: () => prompt }

const answer = {
  text: 'Hello. A book may be kept for 30 days.',
  citations: [{ claim: 'c-1', quote: 'A book may be kept for 30 days.' }],
  commitments: [],
  obligationsMet: [],
  confidence: 0.8,
}

async function setUp(script: Script) {
  const model = createScriptedModel(script)
  const response = createResponse({ domain: library })
  const bench = await createBench({ manifest: response, model })
  const running = runAgent(response, bench.deps)
  onTestFinished(() => running.stop())
  await bench.pass()
  return { ...bench, model }
}

test('a brief becomes a draft that rests on the brief and on the claims it cites', async () => {
  const { send, on } = await setUp([{ prompt: 'response', answer }])
  const brief = aBrief({ claims: [aClaim(), aClaim({ id: 'c-2' })] })
  await send(briefs, brief)
  const [sent] = await on(drafts)
  const { envelope, ...draft } = Draft.parse(sent?.value)
  expect(draft).toMatchObject({ text: answer.text, citations: [{ claim: 'c-1', start: 7, end: 38 }], confidence: 0.8 })
  expect(envelope.basedOn).toEqual([basisOf(brief), { id: 'c-1', hash: contentHash(aClaim()) }])
  expect(envelope.madeBy).toMatchObject({ agent: 'response', promptVersion: '3' })
})

test('a revision asks the model afresh, with the objections, and is a draft of its own', async () => {
  const { model, send, on } = await setUp([{ answer }, { answer: { ...answer, text: 'Hello.', citations: [] } }])
  const objections = [{ id: 'f-1', statement: 'The draft says 40 days.', remove: ['c-1'] }]
  await send(briefs, aBrief())
  await on(drafts)
  await send(briefs, aBrief({ objections, envelope: { revision: 1 } }))
  const made = (await on(drafts)).map(({ value }) => Draft.parse(value))
  expect(made.map(({ text, envelope }) => [text, envelope.revision])).toEqual([
    [answer.text, 0],
    ['Hello.', 1],
  ])
  expect(new Set(made.map(({ envelope }) => envelope.messageId)).size).toBe(2)
  expect(model.calls.map(({ input }) => input['objections'])).toEqual([[], objections])
})

test('a promise of what is forbidden reaches the coordinator as a commitment', async () => {
  const promise = { action: 'waive_fee', subject: 'loan:L123', amountMinor: 750, currency: 'GBP', due: null }
  const { send, on } = await setUp([{ answer: { ...answer, commitments: [promise] } }])
  await send(briefs, aBrief({ forbidden: [aVerdict({ action: 'waive_fee', subject: 'loan:L123', effect: 'forbid' })] }))
  expect(await on(drafts)).toMatchObject([
    { value: { commitments: [{ action: 'waive_fee', amount: { minor: 750, currency: 'GBP' } }] } },
  ])
})

test('a brief that cannot be read goes to the dead letters', async () => {
  const { sendRecord, on } = await setUp([])
  await sendRecord({ topic: briefs.name, key: 'acme:req-1', value: Buffer.from('no Avro'), headers: {} })
  expect(await on(`${briefs.name}.response.dlq`)).toHaveLength(1)
})

test('a brief that no model will answer goes to the dead letters, and the coordinator is told', async () => {
  const { send, on } = await setUp([{ fault: new Fault('model_invalid_answer', 'no JSON') }])
  await send(briefs, aBrief())
  expect(await on(failures)).toMatchObject([{ value: { agent: 'response', code: 'model_invalid_answer' } }])
  expect(await on(`${briefs.name}.response.dlq`)).toHaveLength(1)
})
