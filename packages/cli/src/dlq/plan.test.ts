import { testTime } from '@concord/contracts/testing'
import { expect, test } from 'vitest'
import { letterAt } from '../testing/letters.ts'
import { ownersOf, planReplays } from './plan.ts'
import { prospectOf, type CaseStanding } from './standing.ts'

const standing = (overrides: Partial<CaseStanding> = {}): CaseStanding => ({
  tenantId: 'acme',
  requestId: 'req-1',
  status: 'gathering',
  outcome: null,
  deadline: testTime + 60_000,
  ...overrides,
})
const letter = letterAt()
const decisionLetter = letterAt({ original: { ...letter.original, topic: 'concord.decisions.v1' } })

test.each([
  ['closed case changes no more', letter, standing({ status: 'closed', outcome: 'answered' }), 'nothing', 'closed (answered)'],
  ['case whose time is over, neither', letter, standing({ deadline: testTime }), 'nothing', 'time of its case is over'],
  ['case with a person keeps what comes', letter, standing({ status: 'escalated', deadline: 0 }), 'evidence', 'A person decides'],
  [
    'case with a person takes their decision',
    decisionLetter,
    standing({ status: 'escalated' }),
    'work',
    'waits for this decision',
  ],
  ['case that nobody knows may begin', letter, standing({ status: 'none', deadline: null }), 'work', 'opened'],
  ['open case goes on', letter, standing(), 'work', 'open (gathering)'],
] as const)('a %s', (_, about, where, effect, says) => {
  expect(prospectOf(about, where, testTime)).toEqual({ effect, says: expect.stringContaining(says) })
})

test('a letter that does not say whose it is may be anything', () => {
  expect(prospectOf(letterAt({ requestId: null }), null, testTime)).toMatchObject({ effect: 'work' })
})

const replayed = letterAt({ settlements: [{ action: 'replayed', offset: 0, by: 'ada', reason: '', at: testTime }] })
const discarded = letterAt({ settlements: [{ action: 'discarded', offset: 0, by: 'ada', reason: 'a test', at: testTime }] })

test.each([
  ['replayed before', replayed, 'it was replayed by ada at 2026-01-01T00:00:00.000Z. Use --force'],
  ['discarded', discarded, 'it was discarded by ada at 2026-01-01T00:00:00.000Z (a test). Use --force'],
  ['back from three replays', letterAt({ replays: 3 }), 'it has come back from 3 replays'],
])('a letter that was %s is refused, unless somebody insists', (_, about, why) => {
  const plan = (force: boolean) => planReplays([about], [standing()], { force, now: testTime })[0]
  expect(plan(false)?.refused).toContain(why)
  expect(plan(true)?.refused).toBeNull()
})

test('two replays are no loop yet', () => {
  expect(planReplays([letterAt({ replays: 2 })], [], { force: false, now: testTime })[0]?.refused).toBeNull()
})

test('each case is asked for once, and letters without one are not', () => {
  const owners = ownersOf([letter, letterAt({ offset: 1 }), letterAt({ requestId: 'req-2' }), letterAt({ tenantId: null })])
  expect(owners.map(({ requestId }) => requestId)).toEqual(['req-1', 'req-2'])
})
