import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ActionRule } from './format.ts'
import { loadDomain } from './load.ts'
import { rule } from './rules.ts'
import { libraryFolder } from './testing.ts'

const domain = await loadDomain(libraryFolder)
const now = Date.parse('2026-03-10T12:00:00Z')
const loan = { id: 'L100', memberId: 'M1', renewals: 0, due: '2026-03-12', feeMinor: 0, waivedBefore: false }
const base = { now, request: { customerId: 'M1' }, amount: null, book: { kind: 'book' } }
const on = (action: string, facts: Record<string, unknown>) =>
  rule(domain.rulesOf(action), { ...base, ...facts }, domain.expressions)

test('the first rule that holds decides', () => {
  expect(on('renew', { loan })).toMatchObject({ effect: 'permit', rule: 'renew-ok', failure: null })
  expect(on('renew', { loan: { ...loan, renewals: 2 } })).toMatchObject({ effect: 'forbid', rule: 'renew-twice' })
  expect(on('renew', { loan: { ...loan, memberId: 'M2', renewals: 2 } })).toMatchObject({ effect: 'forbid', rule: 'own-loans' })
})

test('reasons and obligations are filled from the facts', () => {
  expect(on('renew', { loan: { ...loan, renewals: 3 } }).reason).toBe('This loan has been renewed 3 times already.')
  expect(on('renew', { loan, book: { kind: 'film' } }).obligations).toEqual([
    { id: 'new-due', text: 'Please return it within 7 days.' },
  ])
})

test('an amount above the limit needs approval and names the limit', () => {
  const ruling = on('waive_fee', { loan, amount: 1_001 })
  expect(ruling).toMatchObject({
    effect: 'needs_approval',
    rule: 'waive-limit',
    reason: 'A colleague decides on fees above £10.',
  })
  expect(ruling.limit).toMatchObject({ kind: 'money', minor: 1_000, currency: 'GBP' })
  expect(on('waive_fee', { loan, amount: 1_000 }).effect).toBe('permit')
})

test('what no rule allows is forbidden', () => {
  expect(on('waive_fee', { loan: { ...loan, waivedBefore: true }, amount: 5 })).toMatchObject({
    effect: 'forbid',
    rule: 'default',
  })
})

test('a rule that cannot be evaluated needs a person, and says which it is', () => {
  const ruling = on('renew', { loan: { ...loan, due: null } })
  expect(ruling).toMatchObject({ effect: 'needs_approval', rule: 'renew-ok' })
  expect(ruling.failure?.message).toContain('rule renew-ok')
})

test('a refusal stands even where its reason cannot be filled', () => {
  const rules = [
    { id: 'r', title: 'No', actions: ['a'], when: 'true', effect: 'forbid', reason: '{{ loan.x }}', obligations: [] },
  ] as const
  expect(rule(rules as unknown as ActionRule[], { ...base, loan: {} }, domain.expressions)).toMatchObject({
    effect: 'forbid',
    reason: 'No',
  })
})

test('whatever a record holds, a rule that fails permits nothing', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom('memberId', 'renewals', 'due'), fc.jsonValue({ maxDepth: 1 })), (record) => {
      const ruling = on('renew', { loan: { id: 'L1', ...record } })
      if (ruling.failure !== null) expect(ruling.effect).not.toBe('permit')
      if (ruling.effect === 'permit') expect(record['memberId']).toBe('M1')
    }),
  )
})
