import { testTime } from '@concord/contracts/testing'
import { expect, test } from 'vitest'
import { letterAt } from '../testing/letters.ts'
import { planReplays } from './plan.ts'
import { renderLetters, renderPlan, summaryOf } from './render.ts'

const settled = letterAt({
  id: 'requests.v1.triage/0/1',
  settlements: [{ action: 'discarded', offset: 1, by: 'ada', reason: 'a test', at: testTime }],
})
const back = letterAt({ id: 'triage.v1.policy/0/0', group: 'policy', errorClass: 'internal', message: 'a\nb', replays: 2 })
const letters = [letterAt(), settled, back]

test('the list shows each letter with its age, its state and its reason, and counts what is open', () => {
  const page = renderLetters(letters, testTime + 90_000)
  expect(page).toMatch(/requests\.v1\.triage\/0\/0 +1\.5 min +model_refused +req-1 +open +not today\./)
  expect(page).toMatch(/requests\.v1\.triage\/0\/1 .* discarded /)
  expect(page).toMatch(/triage\.v1\.policy\/0\/0 .* back \(2\) +a b/)
  expect(page).toContain('2 open: triage model_refused 1 · policy internal 1; 1 settled')
})

test('the list fits into 120 columns', () => {
  const long = letterAt({
    id: 'action-results.v1.coordinator/0/123456',
    errorClass: 'model_rejected_request',
    requestId: '7f3c1a52-3d2f-4c1b-9d53-0a9f8d1c2b3e',
    message: 'x'.repeat(300),
  })
  for (const line of renderLetters([long], testTime + 86_400_000 * 30).split('\n')) expect(line.length).toBeLessThanOrEqual(120)
})

test('no letter is said in words', () => {
  expect(renderLetters([], testTime)).toBe('No dead letter fits.')
})

test('the summary leaves out what is settled', () => {
  expect(summaryOf(letters)).toEqual([
    { agent: 'triage', class: 'model_refused', count: 1 },
    { agent: 'policy', class: 'internal', count: 1 },
  ])
})

test('the plan says what goes where, what changes nothing, and what is refused', () => {
  const standing = { tenantId: 'acme', requestId: 'req-1', status: 'closed', outcome: 'declined', deadline: testTime }
  const page = renderPlan(planReplays([letterAt(), settled], [standing], { force: false, now: testTime }))
  expect(page).toMatch(/requests\.v1\.triage\/0\/0 +req-1 +concord\.requests\.v1\/3 +Its case is closed \(declined\)/)
  expect(page).toMatch(/requests\.v1\.triage\/0\/1 +req-1 +not sent +Refused: it was discarded by ada/)
  expect(page).toContain('1 to be sent, of which 1 will change nothing; 1 refused.')
})
