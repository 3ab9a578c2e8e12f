import { knowledge, reworks, triaged, type Knowledge } from '@concord/contracts'
import { anEnvelope, aRework, aTriage } from '@concord/contracts/testing'
import { loadDomain } from '@concord/domain'
import { libraryFolder } from '@concord/domain/testing'
import { createScriptedModel, type Script } from '@concord/model/testing'
import { runAgent } from '@concord/runtime'
import { createBench } from '@concord/runtime/testing'
import { expect, test } from 'vitest'
import { createKnowledge } from './service.ts'

const library = await loadDomain(libraryFolder)
const quoting: Script = {
  knowledge: { answer: { selected: [{ passage: 'loans@3#1', quote: 'A book may be kept for 28 days' }], confidence: 0.9 } },
}

async function start(script: Script) {
  const agent = createKnowledge({ domain: library })
  const model = createScriptedModel(script)
  const bench = await createBench({ manifest: agent, model })
  const running = runAgent(agent, bench.deps)
  await bench.pass()
  return {
    model,
    bench,
    said: async () => (await bench.on(knowledge)).map(({ value }) => value as Knowledge),
    [Symbol.asyncDispose]: () => running.stop(),
  }
}

function asked(text: string, change: { accessGroups?: string[] } = {}) {
  const envelope = anEnvelope()
  return { ...envelope, request: { ...envelope.request, text, ...change } }
}

test('a question is answered from a passage, resting on the triage', async () => {
  await using service = await start(quoting)
  await service.bench.send(triaged, aTriage({ intent: 'loan_length', envelope: asked('How long may I keep a book?') }))
  const [message] = await service.said()
  expect(message!.claims).toMatchObject([{ predicate: 'says' }, { predicate: 'loan.period' }])
  expect(message!.envelope.madeBy).toMatchObject({ agent: 'knowledge', promptVersion: '2', domainVersion: '7' })
  expect(message!.envelope.basedOn).toHaveLength(1)
})

test('the model is shown only what the asker may read', async () => {
  await using service = await start({ knowledge: { answer: { selected: [], confidence: 0.1 } } })
  await service.bench.send(triaged, aTriage({ intent: 'waive_fee', envelope: asked('Can staff waive my late fee?') }))
  await service.said()
  expect(JSON.stringify(service.model.calls[0]!.input)).not.toContain('without asking anybody')
})

test.each([
  ['not understood', { intent: null }],
  ['not the business of this desk', { intent: 'weather', inScope: false }],
  ['of an intent that the domain does not know', { intent: 'opening_hours' }],
])('what is %s gets an empty answer and costs no model call', async (_, change) => {
  await using service = await start([])
  await service.bench.send(triaged, aTriage({ ...change, envelope: asked('Will it rain on my book?') }))
  expect(await service.said()).toMatchObject([{ claims: [], passages: [], confidence: 0 }])
  expect(service.model.calls).toEqual([])
})

test('where no passage shares a word nobody is asked', async () => {
  await using service = await start([])
  await service.bench.send(triaged, aTriage({ intent: 'change_branch', envelope: asked('qqqq zzzz') }))
  expect(await service.said()).toMatchObject([{ claims: [] }])
  expect(service.model.calls).toEqual([])
})

test('a rework is done again for its revision, and one for another agent is not touched', async () => {
  await using service = await start(quoting)
  const rework = { intent: 'loan_length', entities: [], riskFlags: [], instruction: 'Again.', changed: [] }
  const envelope = { ...asked('How long may I keep a book?'), revision: 1 }
  await service.bench.send(reworks, aRework({ ...rework, agent: 'policy', envelope }))
  await service.bench.send(reworks, aRework({ ...rework, agent: 'knowledge', envelope }))
  const said = await service.said()
  expect(said).toHaveLength(1)
  expect(said[0]!.envelope.revision).toBe(1)
})
