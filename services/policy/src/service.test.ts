import { contentHash, Fault, policy, reworks, triaged, type Policy } from '@concord/contracts'
import { anEnvelope, aRework, aTriage } from '@concord/contracts/testing'
import { loadDomain, type ReadTools } from '@concord/domain'
import { libraryFolder } from '@concord/domain/testing'
import { runAgent } from '@concord/runtime'
import { createBench } from '@concord/runtime/testing'
import { expect, test } from 'vitest'
import { createPolicy } from './service.ts'
import { aLoan, anAsk, fakeTools, loan } from './testing.ts'

const library = await loadDomain(libraryFolder)
const records = { 'get_loan L100': aLoan, 'get_book B1': { kind: 'book' } }

async function start(tools: ReadTools) {
  const agent = createPolicy({ domain: library, tools })
  const bench = await createBench({ manifest: agent })
  const running = runAgent(agent, bench.deps)
  await bench.pass()
  return {
    bench,
    said: async () => (await bench.on(policy)).map(({ value }) => value as Policy),
    [Symbol.asyncDispose]: () => running.stop(),
  }
}

test('a ruling rests on the triage and on each tool result, by content', async () => {
  await using service = await start(fakeTools(records))
  await service.bench.send(triaged, anAsk('renew_loan', [loan()]))
  const [message] = await service.said()
  expect(message!.verdicts[0]).toMatchObject({ action: 'renew', effect: 'permit' })
  expect(message!.envelope.basedOn.map(({ id }) => id)).toContain('tool:get_loan L100')
  const { tool, args, status, data, recordVersion } = message!.toolResults[0]!
  expect(message!.envelope.basedOn[1]!.hash).toBe(contentHash({ tool, args, status, data, recordVersion }))
})

test('what is not understood or not our business is ruled on by nobody', async () => {
  const tools = fakeTools(records)
  await using service = await start(tools)
  await service.bench.send(triaged, aTriage({ intent: null, entities: [loan()], envelope: anEnvelope({ requestId: 'r-1' }) }))
  await service.bench.send(
    triaged,
    aTriage({ intent: 'weather', entities: [loan()], envelope: anEnvelope({ requestId: 'r-2' }) }),
  )
  expect(await service.said()).toMatchObject([
    { verdicts: [], claims: [] },
    { verdicts: [], claims: [] },
  ])
  expect(tools.calls).toEqual([])
})

test('a back end that is away for a while delays the ruling, and does not change it', async () => {
  let away = true
  const tools = fakeTools(records)
  const shaky: ReadTools = {
    read: (...args) => (away ? Promise.reject(new Fault('tool_unavailable', 'away', { retryable: true })) : tools.read(...args)),
  }
  await using service = await start(shaky)
  await service.bench.send(triaged, anAsk('renew_loan', [loan()]))
  expect(await service.said()).toEqual([])
  away = false
  await service.bench.pass(10_000)
  expect(await service.said()).toMatchObject([{ verdicts: [{ effect: 'permit' }, { effect: 'permit' }] }])
})

test('a rework reads the records again', async () => {
  const changing: Record<string, object> = { ...records }
  await using service = await start(fakeTools(changing))
  await service.bench.send(triaged, anAsk('renew_loan', [loan()]))
  await service.said()
  changing['get_loan L100'] = { ...aLoan, renewals: 2 }
  const again = { intent: 'renew_loan', entities: [loan()], agent: 'policy', envelope: { customerId: 'M1', revision: 1 } }
  await service.bench.send(reworks, aRework({ ...again, agent: 'knowledge' }))
  await service.bench.send(reworks, aRework(again))
  const said = await service.said()
  expect(said.map(({ verdicts, envelope }) => [envelope.revision, verdicts[0]!.effect])).toEqual([
    [0, 'permit'],
    [1, 'forbid'],
  ])
})
