import { expect, test } from 'vitest'
import { emptyTotals, report } from './report.ts'

const run = { requests: 3, lastedMs: 1_800_000, faults: [['kill', 2] as ['kill', number]] }

test('the report counts runs, hours, requests and faults by kind', () => {
  const totals = emptyTotals()
  for (const seed of [1, 2]) totals.add({ ...run, seed, violations: [] })
  const text = report(totals, 4).join('\n')
  expect(text).toContain('2 in 4 s (2000 ms each)')
  expect(text).toMatch(/virtual hours +1\.0/)
  expect(text).toMatch(/requests +6/)
  expect(text).toMatch(/kill +4 +in 2 runs/)
  expect(text).toMatch(/violations +in 0 runs/)
})

test('for what was broken it names the first seed, and how to see it', () => {
  const totals = emptyTotals()
  for (const seed of [9, 4]) totals.add({ ...run, seed, violations: [{ invariant: '6 one trace', what: 'another' }] })
  expect(report(totals, 4)).toContain('  6 one trace: see it with make simulate SEED=4')
})
