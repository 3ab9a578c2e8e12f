import { expect, test } from 'vitest'
import { painter } from '../terminal.ts'
import type { LagRow } from './lag.ts'
import { renderLag, type LagView } from './render.ts'
import type { AgentLag, LagReport, Pressure } from './report.ts'

const now = Date.UTC(2026, 0, 1)
const view: LagView = { all: false, most: Infinity, paint: painter(false) }

const row = (overrides: Partial<LagRow> = {}): LagRow => ({
  group: 'triage',
  topic: 'concord.requests.v1',
  partition: 0,
  committed: 10,
  end: 10,
  lag: 0,
  notDone: 0,
  gap: 0,
  oldestAt: null,
  ...overrides,
})
const young = row({ partition: 1, end: 50, lag: 40, notDone: 40, oldestAt: now - 2_000 })
const old = row({ partition: 2, end: 13, lag: 3, notDone: 1, gap: 3, oldestAt: now - 75_000 })

const pressure: Pressure = {
  replicas: 1,
  inFlight: 4,
  limit: 32,
  queued: 7,
  waiting: 2,
  paused: 1,
  rebalances: 3,
  commits: 10,
  commitFailures: 1,
  commitMs: 3.4,
  oldestIncompleteSeconds: 2,
}
const agent = (overrides: Partial<AgentLag> = {}): AgentLag => ({
  agent: 'triage',
  lag: 43,
  notDone: 41,
  oldestAt: now - 75_000,
  pressure,
  deadLetters: { open: 0, oldestAt: null },
  ...overrides,
})
const report = (partitions: LagRow[], agents = [agent()]): LagReport => ({ at: now, lag: 43, agents, partitions })

test('the partition whose first record has waited longest comes first, however short its queue', () => {
  const lines = renderLag(report([row(), young, old]), view).split('\n')
  expect(lines[2]).toMatch(/^triage +concord\.requests\.v1 +2 +3 +1\.3 min +1 +3 +10 +13$/)
  expect(lines[3]).toMatch(/^triage +concord\.requests\.v1 +1 +40 +2 s /)
})

test('partitions without lag are counted, and shown on demand', () => {
  expect(renderLag(report([row(), young]), view)).toContain('Partitions: 1 without lag.')
  const all = renderLag(report([row(), young]), { ...view, all: true })
  expect(all).not.toContain('without lag')
  expect(all).toMatch(/concord\.requests\.v1 +0 +0 +– /)
})

test('no more partitions are shown than there is room for', () => {
  expect(renderLag(report([row(), young, old]), { ...view, most: 1 })).toContain('Partitions: 1 more with less, 1 without lag.')
})

test('an agent shows its pressure and its dead letters', () => {
  const dead = agent({ deadLetters: { open: 2, oldestAt: now - 7_200_000 } })
  const page = renderLag(report([young], [dead]), view)
  expect(page).toMatch(/triage +43 +1\.3 min +4\/32 +7 +2 +1 +3 +3 ms +1 +2, oldest 2 h/)
  expect(page).toContain('43 records to be handled, 2 dead letters open.')
})

test('what an agent that cannot be reached would say is not known', () => {
  expect(renderLag(report([young], [agent({ pressure: null })]), view)).toMatch(/triage +43 +1\.3 min( +\?){7} +0/)
})

test('the page fits into 110 columns', () => {
  const wide = row({
    group: 'coordinator',
    topic: 'concord.action-results.v1',
    end: 123_456_789,
    committed: 123_400_000,
    lag: 56_789,
    notDone: 56_000,
    gap: 500,
    oldestAt: now - 3_600_000,
  })
  const busy = agent({ agent: 'coordinator', lag: 56_789, deadLetters: { open: 999, oldestAt: now - 7_200_000 } })
  for (const line of renderLag(report([wide], [busy]), view).split('\n')) expect(line.length).toBeLessThanOrEqual(110)
})

test('rows that wait for long are painted, where colours are wanted', () => {
  const lines = renderLag(report([young, old]), { ...view, paint: painter(true) }).split('\n')
  expect(lines[2]?.startsWith('\u001b[31m')).toBe(true)
  expect(lines[2]?.endsWith('\u001b[0m')).toBe(true)
  expect(lines[3]).not.toContain('\u001b[')
  expect(renderLag(report([young, old]), view)).not.toContain('\u001b[')
})
