import { expect, test } from 'vitest'
import { bulkheads, permits, rates } from './limits.ts'
import { facts } from './testing.ts'

const granted = (...times: number[]) => times.map((at) => ({ seq: at, at, by: 'triage-1', limiter: 'agent/triage' }))
const ask = (began: number, ended: number | null) => ({ callId: 'c', by: 'triage-1', began, ended, answered: ended !== null })

test('a rate is kept when no second holds more permits, wherever it begins', () => {
  expect(rates(facts({ granted: granted(0, 0, 1_000, 1_000) }))).toEqual([])
  expect(rates(facts({ granted: granted(0, 600, 999) }))).toEqual(['agent/triage gave more than 2 permits in a second.'])
})

test('a bulkhead is kept when no more than its number are under way', () => {
  expect(bulkheads(facts({ asks: [ask(1, 4), ask(2, 5), ask(6, 9)] }))).toEqual([])
  expect(bulkheads(facts({ asks: [ask(1, 4), ask(2, 5), ask(3, null)] }))).toEqual([
    'triage-1 worked on 3 messages at once, with room for 2.',
  ])
})

test('a model that is asked without a permit is found', () => {
  expect(permits(facts({ asks: [ask(2, 3), ask(5, 6)], granted: granted(1, 4) }))).toEqual([])
  expect(permits(facts({ asks: [ask(2, 3), ask(5, 6)], granted: granted(1, 7) }))).toEqual(['triage-1 asked c without a permit.'])
})
