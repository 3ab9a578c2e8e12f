import { expect, test } from 'vitest'
import type { Ask, Disturbance } from '../evidence.ts'
import { facts } from './testing.ts'
import { workOnce } from './work-once.ts'

const callId = 'triage/input-1/1'
const ask = (by: string, began: number, ended: number | null, answered = true): Ask => ({ callId, by, began, ended, answered })
const asks = [ask('triage-1', 10, 20), ask('triage-2', 50, 60)]
const found = ['triage-2 asked triage/input-1/1 again, to which triage-1 had the answer.']
const disturbance = (by: string, kind: Disturbance['kind'], seq: number): Disturbance => ({ by, kind, seq })

test('a call that failed or was never heard of may be made again', () => {
  const before = [ask('triage-1', 10, 20, false), ask('triage-1', 30, null, false)]
  expect(workOnce(facts({ asks: [...before, ask('triage-2', 50, 60)] }))).toEqual([])
})

test('a finished call that is made again without a cause is found', () => {
  expect(workOnce(facts({ asks }))).toEqual(found)
})

test('a death excuses it before the answer was remembered, and not after', () => {
  const disturbances = [disturbance('triage-1', 'died', 25)]
  expect(workOnce(facts({ asks, disturbances }))).toEqual([])
  expect(workOnce(facts({ asks, disturbances: [disturbance('triage-3', 'died', 25)] }))).toEqual(found)
  const remembered = [{ seq: 22, key: 'work/triage/default/input-1' }]
  expect(workOnce(facts({ asks, disturbances, remembered }))).toEqual(found)
})

test('one that had looked before it was remembered, and was held up since, may ask again', () => {
  const key = 'work/triage/default/input-1'
  const remembered = [{ seq: 22, key }]
  const after = (looked: number, kind: Disturbance['kind'], seq: number): string[] =>
    workOnce(
      facts({
        asks,
        remembered,
        looked: [{ seq: looked, key, by: 'triage-2' }],
        disturbances: [disturbance('triage-2', kind, seq)],
      }),
    )
  expect(after(5, 'frozen', 8)).toEqual([])
  expect(after(5, 'store-away', 8)).toEqual(found)
  expect(after(5, 'frozen', 3)).toEqual(found)
  expect(after(25, 'frozen', 30)).toEqual(found)
})

test('a lost store excuses what comes after it', () => {
  const remembered = [{ seq: 22, key: 'work/triage/default/input-1' }]
  expect(workOnce(facts({ asks, remembered, disturbances: [disturbance('store', 'store-lost', 30)] }))).toEqual([])
  expect(workOnce(facts({ asks, remembered, disturbances: [disturbance('store', 'store-lost', 70)] }))).toEqual(found)
})
