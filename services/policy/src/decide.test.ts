import { Fault, type Triage } from '@concord/contracts'
import { loadDomain } from '@concord/domain'
import { libraryFolder } from '@concord/domain/testing'
import { expect, test } from 'vitest'
import { decide } from './decide.ts'
import { gather } from './gather.ts'
import { plan } from './plan.ts'
import { aLoan, anAsk, fakeTools, loan, silent, testNow } from './testing.ts'

const library = await loadDomain(libraryFolder)
const { signal } = new AbortController()
const book = { 'get_book B1': { kind: 'book' } }

async function ruling(ask: Triage, records: Record<string, object | Fault>) {
  const tools = fakeTools(records)
  const intent = library.intents.get(ask.intent!)!
  const planned = plan(library, intent, ask)
  const gathered = await gather({ domain: library, tools, signal, log: silent, now: testNow }, ask, planned.actions)
  return { ...decide(library, intent, planned, gathered, ask), calls: tools.calls }
}

test('an action that the rules permit has its arguments, its record version and what it rests on', async () => {
  const { content } = await ruling(anAsk('renew_loan', [loan()]), { 'get_loan L100': aLoan, ...book })
  expect(content.verdicts[0]).toMatchObject({
    action: 'renew',
    subject: 'loan:L100',
    effect: 'permit',
    rule: 'renew-ok',
    requested: true,
    args: '{"days":21,"loanId":"L100"}',
    recordVersion: '4',
    toolResults: ['tool:get_loan L100', 'tool:get_book B1'],
    obligations: [{ id: 'new-due', text: 'Please return it within 21 days.' }],
  })
  expect(content.toolResults).toHaveLength(2)
})

test('what the request could mean is ruled on too, and is not requested', async () => {
  const { content } = await ruling(anAsk('renew_loan', [loan()]), { 'get_loan L100': aLoan, ...book })
  expect(content.verdicts[1]).toMatchObject({
    action: 'waive_fee',
    requested: false,
    effect: 'permit',
    amount: { minor: 250, currency: 'GBP' },
  })
})

test('an amount above the limit needs approval', async () => {
  const { content } = await ruling(anAsk('waive_fee', [loan()]), { 'get_loan L100': { ...aLoan, feeMinor: 4_000 } })
  expect(content.verdicts).toMatchObject([
    {
      effect: 'needs_approval',
      rule: 'waive-limit',
      amount: { minor: 4_000 },
      limit: { kind: 'money', minor: 1_000 },
      args: '{"amountMinor":4000,"loanId":"L100"}',
    },
  ])
})

test('a record is read once, however many actions rest on it', async () => {
  const { calls } = await ruling(anAsk('renew_loan', [loan()]), { 'get_loan L100': aLoan, ...book })
  expect(calls.toSorted()).toEqual(['get_book B1', 'get_loan L100'])
})

test('what is not there and what belongs to somebody else read the same and reveal nothing', async () => {
  const absent = await ruling(anAsk('waive_fee', [loan()]), {})
  const foreign = await ruling(anAsk('renew_loan', [loan()]), { 'get_loan L100': { ...aLoan, memberId: 'M2' }, ...book })
  expect(absent.content.verdicts[0]).toMatchObject({ effect: 'forbid', rule: 'own-loans', args: '{}' })
  expect(foreign.content.verdicts[0]).toMatchObject({
    effect: 'forbid',
    rule: 'own-loans',
    args: '{}',
    reason: absent.content.verdicts[0]!.reason,
  })
  expect(foreign.content.claims.filter(({ source }) => source.kind === 'tool')).toEqual([])
  expect(absent.failures).toEqual([])
})

test('facts of the own record are claimed, resting on the tool result', async () => {
  const { content } = await ruling(anAsk('renew_loan', [loan()]), { 'get_loan L100': aLoan, ...book })
  expect(content.claims[0]).toMatchObject({
    id: 'tool:tool-due:loan:L100',
    subject: 'loan:L100',
    predicate: 'loan.due',
    value: { kind: 'date', date: '2026-03-12' },
    source: { kind: 'tool', ref: 'tool:get_loan L100', version: '4' },
  })
})

test('rules state the facts that bear on the intent, and no others', async () => {
  const { content } = await ruling(anAsk('loan_length'), {})
  expect(content).toMatchObject({ verdicts: [], missing: [] })
  expect(content.claims).toMatchObject([
    { id: 'rule:fact-book', subject: 'library', source: { kind: 'rule', ref: 'fact-book', version: '7' } },
  ])
})

test('what no rule allows yet is no refusal while something is missing', async () => {
  const { content } = await ruling(anAsk('change_branch'), {})
  expect(content).toMatchObject({ verdicts: [], missing: ['branch'] })
})

test('a refusal stands, and nobody is asked for what would change nothing', async () => {
  const { content } = await ruling(anAsk('change_branch', [], null), {})
  expect(content).toMatchObject({
    verdicts: [{ effect: 'forbid', rule: 'members-only', subject: 'customer:unknown' }],
    missing: [],
  })
})

test('an entity fills the arguments of an action on the customer', async () => {
  const { content } = await ruling(anAsk('change_branch', [{ kind: 'branch', value: 'NORTH' }]), {})
  expect(content.verdicts).toMatchObject([
    { effect: 'permit', subject: 'customer:M1', args: '{"branch":"NORTH","memberId":"M1"}' },
  ])
})

test('a rule that cannot be evaluated needs a person, and is told', async () => {
  const { content, failures } = await ruling(anAsk('renew_loan', [loan()]), { 'get_loan L100': { ...aLoan, due: null }, ...book })
  expect(content.verdicts[0]).toMatchObject({ effect: 'needs_approval', rule: 'renew-ok' })
  expect(failures.map(({ message }) => message).join()).toContain('rule renew-ok')
})

test('what is permitted but cannot be carried out needs a person', async () => {
  const { content } = await ruling(anAsk('waive_fee', [loan()]), { 'get_loan L100': { ...aLoan, feeMinor: 0 } })
  expect(content.verdicts).toMatchObject([{ effect: 'needs_approval', rule: 'waive-ok', args: '{}' }])
})

test('an amount that is none permits nothing', async () => {
  const { content } = await ruling(anAsk('waive_fee', [loan()]), { 'get_loan L100': { ...aLoan, feeMinor: 2.5 } })
  expect(content.verdicts).toMatchObject([{ effect: 'needs_approval', amount: null }])
})

test('where more was named than is ruled on, nothing is permitted without a person', async () => {
  const named = Array.from({ length: 9 }, (_, n) => loan(`L${n}`))
  const records = Object.fromEntries(named.map(({ value }) => [`get_loan ${value}`, { ...aLoan, id: value }]))
  const { content } = await ruling(anAsk('waive_fee', named), records)
  expect(new Set(content.verdicts.map(({ effect }) => effect))).toEqual(new Set(['needs_approval']))
})

test('a number that cannot be one is not asked for', async () => {
  const { calls, content } = await ruling(anAsk('waive_fee', [loan('../admin')]), {})
  expect(calls).toEqual([])
  expect(content.verdicts).toMatchObject([{ effect: 'forbid', rule: 'own-loans' }])
})

test('while the back end is away nothing is ruled', async () => {
  const away = new Fault('tool_unavailable', 'away', { retryable: true })
  await expect(ruling(anAsk('waive_fee', [loan()]), { 'get_loan L100': away })).rejects.toBe(away)
})
