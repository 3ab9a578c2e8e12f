import { Fault } from '@concord/contracts'
import { expect, test } from 'vitest'
import { aNext, aWork, outRecord, pieces } from '../testing/pieces.ts'
import { publish } from './publish.ts'

test('what is to go out is sent before the next step', async () => {
  const { shell, sent } = await pieces()
  const { next, calls } = aNext()
  await publish(shell)(aWork({ outgoing: [outRecord('1'), outRecord('2')] }), async () => {
    expect(sent).toHaveLength(2)
    return next()
  })
  expect(calls()).toBe(1)
})

test('nothing is sent for a record that may be another member’s by now', async () => {
  const { shell, sent } = await pieces()
  const { next, calls } = aNext()
  const fenced = new Fault('fenced', 'a rebalance is under way.', { retryable: true })
  const assertOwned = (): void => {
    throw fenced
  }
  await expect(publish(shell)(aWork({ outgoing: [outRecord()], assertOwned }), next)).rejects.toBe(fenced)
  expect([sent, calls()]).toEqual([[], 0])
})
