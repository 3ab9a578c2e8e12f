import { expect, test } from 'vitest'
import { addCounts, countTests } from './test-report.ts'

const file = (status: string, ...tests: string[]) => ({ status, assertionResults: tests.map((result) => ({ status: result })) })

test('tests that passed and failed are counted, skipped ones are not', () => {
  const report = { success: false, testResults: [file('failed', 'passed', 'failed', 'skipped'), file('passed', 'passed')] }
  expect(countTests(report)).toEqual({ passed: 2, failed: 1 })
})

test('a file that could not be loaded is one failure', () => {
  expect(countTests({ success: false, testResults: [file('failed'), file('passed', 'passed')] })).toEqual({
    passed: 1,
    failed: 1,
  })
})

test('a run that failed outside of its tests is one failure', () => {
  expect(countTests({ success: false, testResults: [file('passed', 'passed')] })).toEqual({ passed: 1, failed: 1 })
})

test('no report is no test', () => {
  expect(addCounts([])).toEqual({ passed: 0, failed: 0 })
})
