import { requests, triaged } from '@concord/contracts'
import { aRequest, aTriage } from '@concord/contracts/testing'
import { expect, test } from 'vitest'
import { idOf, inOrder } from './order.ts'
import { createLog, facts } from './testing.ts'

/** Requests of one conversation in the log, and answers to them by their numbers. */
function answered(asked: readonly string[], answers: readonly string[]): string[] {
  const log = createLog()
  const ids = new Map<string, string>()
  for (const requestId of asked) {
    const one = log.said(requests, aRequest({ requestId, conversationId: 'c-1' }))
    ids.set(requestId, idOf(one) ?? '')
  }
  for (const requestId of answers) {
    const basedOn = [{ id: ids.get(requestId) ?? 'none', hash: 'h' }]
    log.said(triaged, aTriage({ envelope: { requestId, conversationId: 'c-1', basedOn } }))
  }
  return inOrder(facts({ appended: log.all }))
}

test('answers in the order of the log are in order, with gaps and repeats', () => {
  expect(answered(['a', 'b', 'c'], ['a', 'c'])).toEqual([])
  expect(answered(['a', 'b'], ['a', 'a', 'b', 'a'])).toEqual([])
})

test('an answer before that to an earlier request is found', () => {
  expect(answered(['a', 'b', 'c'], ['b', 'a', 'c'])).toEqual(['triage answered acme:c-1 out of order on concord.triage.v1.'])
})

test('a request that was sent again may be answered where it stands again', () => {
  expect(answered(['a', 'b', 'a'], ['b', 'a'])).toEqual([])
})
