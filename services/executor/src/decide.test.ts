import { anAction } from '@concord/contracts/testing'
import { expect, test } from 'vitest'
import { decide } from './decide.ts'

const spec = { tool: 'extend' }

test('an approved action becomes a write with its arguments', () => {
  expect(decide(anAction(), spec)).toEqual({ kind: 'write', tool: 'extend', args: { loan: 'L1' } })
})

test.each([
  ['subject', { subject: 'loan:L2' }],
  ['arguments', { args: '{"loan":"L2"}' }],
  ['amount', { amount: { minor: 1, currency: 'EUR' } }],
  ['record version', { recordVersion: '2' }],
])('an action whose %s is not what was approved is refused', (_, change) => {
  expect(decide({ ...anAction(), ...change }, spec)).toMatchObject({ kind: 'result', result: { status: 'refused' } })
})

test('an action that the domain does not know is refused', () => {
  expect(decide(anAction(), undefined)).toMatchObject({ kind: 'result', result: { status: 'refused' } })
})

test('an action without a tool is done, for nothing is to be written', () => {
  expect(decide(anAction(), { tool: null })).toMatchObject({ kind: 'result', result: { status: 'done' } })
})

test('a tampered action without a tool is refused all the same', () => {
  expect(decide({ ...anAction(), args: '{}' }, { tool: null })).toMatchObject({ result: { status: 'refused' } })
})

test.each(['', 'loan L1', '[1]', 'null'])('arguments that are no JSON object are refused: %j', (args) => {
  expect(decide(anAction({ args }), spec)).toMatchObject({ kind: 'result', result: { status: 'refused' } })
})
