import { actionResults, actions, caseEvents } from '@concord/contracts'
import { anAction, anActionResult, aCaseEvent } from '@concord/contracts/testing'
import { expect, test } from 'vitest'
import type { BackEndWrite } from '../evidence.ts'
import { doneIsDone, onlyApproved } from './actions.ts'
import { createLog, facts } from './testing.ts'

const { key, recordVersion } = anAction()
const write = (of: Partial<BackEndWrite> = {}): BackEndWrite => ({
  seq: 25,
  service: 'executor',
  key,
  path: '/loans/L1/extension',
  ifMatch: recordVersion,
  status: 200,
  changed: true,
  ...of,
})

/** An approval, its order, and what the executor says of it, in that order. */
function log(status: 'done' | 'refused' = 'done') {
  const { said, all } = createLog()
  said(caseEvents, aCaseEvent({ event: 'approved', data: JSON.stringify({ pending: [{ key }] }) }))
  said(actions, anAction())
  said(actionResults, anActionResult({ key, status, message: 'as it is' }))
  return all
}

test('one approved write, on the version that was ordered, is well done', () => {
  expect(onlyApproved(facts({ appended: log(), writes: [write()] }))).toEqual([])
})

test.each([
  [{ service: 'policy' as const }, 'policy wrote.'],
  [{ ifMatch: 'another' }, 'it was written on version another, which no order names.'],
  [{ seq: 15 }, 'it was written before it was ordered.'],
  [{ seq: 5 }, 'it was written before its approval was on record.'],
])('a write that is otherwise (%j) is found', (of, problem) => {
  expect(onlyApproved(facts({ appended: log(), writes: [write(of)] }))).toContain(`${key}: ${problem}`)
})

test('a write that was done twice is found, one that changed nothing is none', () => {
  expect(onlyApproved(facts({ appended: log(), writes: [write(), write()] }))).toContain(`${key}: it was written twice.`)
  expect(onlyApproved(facts({ appended: log(), writes: [write(), write({ changed: false })] }))).toEqual([])
})

test('a result that denies what was done is found, and so is none at all', () => {
  expect(onlyApproved(facts({ appended: log('refused'), writes: [write()] }))).toEqual([
    `${key}: it was done, and a result says refused: as it is`,
  ])
  expect(onlyApproved(facts({ appended: log().slice(0, 2), writes: [write()] }))).toEqual([
    `${key}: it was done, and no result says so.`,
  ])
})

test('a result that says done where nothing was written is found', () => {
  const check = doneIsDone(() => true)
  expect(check(facts({ appended: log(), writes: [write()] }))).toEqual([])
  expect(check(facts({ appended: log(), writes: [] }))).toEqual([`${key} is said to be done, and nothing was written.`])
  expect(doneIsDone(() => false)(facts({ appended: log(), writes: [] }))).toEqual([])
})
