import { expect, test } from 'vitest'
import { nothingStuck } from './nothing-stuck.ts'
import { facts } from './testing.ts'

const lag = (committed: number, high: number) => ({ group: 'triage' as const, topic: 't', partition: 0, committed, high })
const stored = (status: string) => new Map([['acme/req-1', { state: { status }, version: 1, unpublished: 0 }]])

test('all read and all closed is not stuck, also where nothing was ever written', () => {
  expect(nothingStuck(facts({ lag: [lag(3, 3), lag(-1, 0)], stored: stored('closed') }))).toEqual([])
})

test('a record that nobody has read, an open case and an accident are found', () => {
  expect(nothingStuck(facts({ lag: [lag(2, 3)] }))).toEqual(['triage stands at 2 of 3 in t/0.'])
  expect(nothingStuck(facts({ stored: stored('acting') }))).toEqual(['acme/req-1 is still acting.'])
  expect(nothingStuck(facts({ accidents: ['boom'] }))).toEqual(['boom'])
})
