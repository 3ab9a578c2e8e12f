import { testTime } from '@concord/contracts/testing'
import { expect, test } from 'vitest'
import { letterAt } from '../testing/letters.ts'
import { isMeant, timeBefore, type LetterFilter } from './filter.ts'

const settled = letterAt({ settlements: [{ action: 'replayed', offset: 0, by: 'ada', reason: '', at: testTime }] })

test.each<[LetterFilter, LetterFilter]>([
  [{ agent: 'triage' }, { agent: 'policy' }],
  [{ class: 'model_refused' }, { class: 'unreadable' }],
  [{ topic: 'requests' }, { topic: 'triage' }],
  [{ topic: 'concord.requests.v1' }, { topic: 'concord.requests.v2' }],
  [{ topic: 'concord.requests.v1.triage.dlq' }, { topic: 'concord.requests.v1.coordinator.dlq' }],
  [{ key: 'acme:c-1' }, { key: 'c-1' }],
  [{ request: 'req-1' }, { request: 'req' }],
  [{ conversation: 'c-1' }, { conversation: 'req-1' }],
  [{ since: testTime }, { since: testTime + 1 }],
  [{ before: testTime + 1 }, { before: testTime }],
  [
    { agent: 'triage', class: 'model_refused' },
    { agent: 'triage', class: 'unreadable' },
  ],
])('%j holds, and %j does not', (holds, fails) => {
  expect(isMeant(letterAt(), holds)).toBe(true)
  expect(isMeant(letterAt(), fails)).toBe(false)
})

test('without a condition every open letter is meant, and a settled one only where it is asked for', () => {
  expect(isMeant(letterAt(), {})).toBe(true)
  expect(isMeant(settled, {})).toBe(false)
  expect(isMeant(settled, { settled: true })).toBe(true)
})

test('a letter whose request nobody knows has none', () => {
  expect(isMeant(letterAt({ requestId: null }), { request: 'req-1' })).toBe(false)
})

test.each([
  ['90s', 90_000],
  ['15m', 900_000],
  ['2h', 7_200_000],
  ['7d', 604_800_000],
])('%s ago is so many milliseconds', (text, ms) => {
  expect(timeBefore(text, testTime)).toBe(testTime - ms)
})

test('a time is taken as it stands', () => {
  expect(timeBefore('2026-03-01T08:00Z', testTime)).toBe(Date.UTC(2026, 2, 1, 8))
})

test.each(['', '5', 'h', '-2h', '1w', 'yesterday', '2026-99-01'])('%j is no time', (text) => {
  expect(() => timeBefore(text, testTime)).toThrow('Write it as 90s')
})
