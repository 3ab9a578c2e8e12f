import { ActionResult, actionResults, actions, Fault } from '@concord/contracts'
import { anAction } from '@concord/contracts/testing'
import { loadDomain, type WriteTools } from '@concord/domain'
import { libraryFolder } from '@concord/domain/testing'
import { runAgent } from '@concord/runtime'
import { createBench } from '@concord/runtime/testing'
import { expect, onTestFinished, test } from 'vitest'
import { createExecutor } from './service.ts'

const library = await loadDomain(libraryFolder)
const horizonMs = 86_400_000
const renewal = (overrides: Parameters<typeof anAction>[0] = {}) =>
  anAction({ action: 'renew', args: '{"loanId":"L1","days":21}', ...overrides })

/** A back end with one loan, which remembers each key. */
function createLoans() {
  const done = new Map<string, string>()
  const calls: Parameters<WriteTools['write']>[] = []
  const loans = { version: 1, away: false }
  const answer = () => {
    if (loans.away) throw new Fault('tool_unavailable', 'away', { retryable: true })
  }
  const tools: WriteTools = {
    async write(...call) {
      answer()
      const [tool, , { idempotencyKey, recordVersion }] = call
      calls.push(call)
      if (recordVersion !== String(loans.version))
        return { status: 'conflict', message: 'changed', recordVersion: String(loans.version) }
      loans.version += 1
      done.set(idempotencyKey, tool)
      return { status: 'done', message: 'ok', recordVersion: String(loans.version) }
    },
    async operation(key) {
      answer()
      return done.has(key) ? { result: {} } : null
    },
  }
  return { tools, calls, loans }
}

async function setUp() {
  const { tools, calls, loans } = createLoans()
  const executor = createExecutor({ domain: library, tools, horizonMs })
  const bench = await createBench({ manifest: executor })
  const running = runAgent(executor, bench.deps)
  onTestFinished(() => running.stop())
  await bench.pass()
  const results = async () => (await bench.on(actionResults)).map(({ value }) => ActionResult.parse(value))
  return { ...bench, results, calls, loans }
}

test('an approved action is written with its key and the version that its verdict saw', async () => {
  const { send, results, calls } = await setUp()
  await send(actions, renewal())
  expect(await results()).toMatchObject([
    { key: renewal().key, action: 'renew', subject: 'loan:L1', status: 'done', recordVersion: '2' },
  ])
  const options = { idempotencyKey: renewal().key, recordVersion: '1' }
  expect(calls).toMatchObject([['write_renewal', { loanId: 'L1', days: 21 }, options]])
})

test('the same action again changes nothing', async () => {
  const { send, results, calls } = await setUp()
  await send(actions, renewal())
  await results()
  await send(actions, renewal())
  const ids = (await results()).map(({ envelope }) => envelope.messageId)
  expect(new Set(ids).size).toBe(1)
  expect(calls).toHaveLength(1)
})

test('a record that has changed since the verdict is a conflict', async () => {
  const { send, results, loans } = await setUp()
  loans.version = 5
  await send(actions, renewal())
  expect(await results()).toMatchObject([{ status: 'conflict', recordVersion: '5' }])
})

test('two actions of one case have a result each', async () => {
  const { send, results } = await setUp()
  await send(actions, renewal())
  const key = 'acme/req-1/renew/loan:L2'
  await send(actions, renewal({ key, subject: 'loan:L2', recordVersion: '2', envelope: { messageId: 'second' } }))
  const made = await results()
  expect(made.map(({ status }) => status)).toEqual(['done', 'done'])
  expect(new Set(made.map(({ envelope }) => envelope.messageId)).size).toBe(2)
})

test('a key in any letters reaches the back end as a header can hold it', async () => {
  const { send, results, calls } = await setUp()
  await send(actions, renewal({ key: 'acme/prêt-№1/renew/loan:L1' }))
  expect(await results()).toMatchObject([{ key: 'acme/prêt-№1/renew/loan:L1', status: 'done' }])
  expect(calls[0]?.[2].idempotencyKey).toMatch(/^[\x21-\x7e]+$/)
})

test.each([
  ['what was not approved', renewal({ approvalHash: 'another' })],
  ['an action that the domain does not have', anAction({ action: 'give_away' })],
  ['an approval that has expired', renewal({ validUntil: 0 })],
])('%s is refused, and nothing is written', async (_, action) => {
  const { send, results, calls } = await setUp()
  await send(actions, action)
  expect(await results()).toMatchObject([{ status: 'refused' }])
  expect(calls).toEqual([])
})

test('an action without a tool is done without a write', async () => {
  const { tools, calls } = createLoans()
  const noted = new Map([['note', { ...library.actions.get('renew')!, id: 'note', tool: null }]])
  const executor = createExecutor({ domain: { version: '1', actions: noted }, tools, horizonMs })
  const bench = await createBench({ manifest: executor })
  const running = runAgent(executor, bench.deps)
  onTestFinished(() => running.stop())
  await bench.send(actions, anAction({ action: 'note' }))
  expect(await bench.on(actionResults)).toMatchObject([{ value: { status: 'done' } }])
  expect(calls).toEqual([])
})

test('a back end that stays away ends as a failure before the deadline, not as a dead letter', async () => {
  const { send, results, loans, pass, on } = await setUp()
  loans.away = true
  await send(actions, renewal())
  await pass(30_000)
  expect(await results()).toMatchObject([{ status: 'failed' }])
  expect(await on(`${actions.name}.executor.dlq`)).toEqual([])
})

test('an action that cannot be read goes to the dead letters', async () => {
  const { sendRecord, on } = await setUp()
  await sendRecord({ topic: actions.name, key: 'acme:req-1', value: Buffer.from('no Avro'), headers: {} })
  expect(await on(`${actions.name}.executor.dlq`)).toHaveLength(1)
})
