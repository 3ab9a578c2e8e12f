import { loadDomain } from '@concord/domain'
import { libraryFolder } from '@concord/domain/testing'
import { expect, test } from 'vitest'
import { plan, subjectOfPlan } from './plan.ts'

const library = await loadDomain(libraryFolder)
const loans = (...values: string[]) => ({ entities: values.map((value) => ({ kind: 'loan', value })) })
const planned = (intent: string, ask: ReturnType<typeof loans>) => {
  const made = plan(library, library.intents.get(intent)!, ask)
  return { ...made, actions: made.actions.map((one) => `${one.action.id} ${subjectOfPlan(one, 'M1')} ${one.requested}`) }
}

test('every action is ruled on for everything of its kind that was named', () => {
  expect(planned('renew_loan', loans('L1', 'L2')).actions).toEqual([
    'renew loan:L1 true',
    'renew loan:L2 true',
    'waive_fee loan:L1 false',
    'waive_fee loan:L2 false',
  ])
})

test('what a requested action needs and nobody named is missing', () => {
  expect(planned('renew_loan', loans())).toMatchObject({ actions: [], missing: ['loan'] })
  expect(planned('change_branch', loans())).toMatchObject({ actions: ['change_branch customer:M1 true'], missing: ['branch'] })
})

test('a question asks for no action, so nothing is missing', () => {
  expect(planned('loan_length', loans())).toEqual({ actions: [], missing: [], tooMany: false })
})

test('more than can be looked up is said to be too many', () => {
  const many = Array.from({ length: 9 }, (_, n) => `L${n}`)
  expect(planned('waive_fee', loans(...many))).toMatchObject({ tooMany: true })
  expect(planned('waive_fee', loans(...many)).actions).toHaveLength(8)
  expect(planned('waive_fee', loans(...many.slice(1)))).toMatchObject({ tooMany: false })
})
