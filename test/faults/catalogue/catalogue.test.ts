import { expect, test } from 'vitest'
import { catalogue, chosenFaults } from './catalogue.ts'

test('every fault has a name of its own', () => {
  expect(new Set(catalogue.map(({ name }) => name)).size).toBe(catalogue.length)
})

test('without a choice it is all but the extra ones; otherwise those that are named', () => {
  expect(catalogue.filter((fault) => !chosenFaults('').includes(fault)).map(({ name }) => name)).toEqual(['connections-swallow'])
  expect(chosenFaults('connections-swallow')).toHaveLength(1)
  expect(chosenFaults('redis-wiped, broker-stop').map(({ name }) => name)).toEqual(['broker-stop', 'redis-wiped'])
})

test('a name that is unknown is told, with those that are known', () => {
  expect(() => chosenFaults('broker-stop,earthquake')).toThrow(/no fault is called earthquake\. There are: none, kill-triage/)
})
