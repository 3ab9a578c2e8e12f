import { caseEvents, failures, replies, requests, reworks, triaged } from '@concord/contracts'
import { aCaseEvent, aFailure, anEnvelope, aReply, aRequest, aRework, aTriage } from '@concord/contracts/testing'
import { expect, test } from 'vitest'
import type { Committed } from '../evidence.ts'
import { idOf } from './order.ts'
import { outputsBeforeOffsets } from './outputs-before-offsets.ts'
import { createLog, facts } from './testing.ts'

const commit = (seq: number, of: Partial<Committed> = {}): Committed => ({
  seq,
  at: Date.UTC(2026, 0, 1),
  by: 'triage-1',
  group: 'triage',
  topic: requests.name,
  partition: 0,
  offset: 1,
  ...of,
})

function asked() {
  const log = createLog()
  const request = log.said(requests, aRequest())
  const id = idOf(request) ?? ''
  return { log, basedOn: [{ id, hash: 'h' }], inputs: [{ id, hash: 'h' }] }
}

test('an offset that is committed after the answer is in the log is well committed', () => {
  const { log, basedOn } = asked()
  log.said(triaged, aTriage({ envelope: { basedOn } }))
  expect(outputsBeforeOffsets(facts({ appended: log.all, committed: [commit(25)] }))).toEqual([])
})

test('a failure is an answer, and so is a dead letter', () => {
  const failed = asked()
  const envelope = { ...anEnvelope({ basedOn: failed.basedOn }, { agent: 'triage' }) }
  failed.log.said(failures, { ...aFailure(), envelope })
  expect(outputsBeforeOffsets(facts({ appended: failed.log.all, committed: [commit(25)] }))).toEqual([])

  const buried = asked()
  const headers = {
    'x-consumer-group': 'triage',
    'x-original-topic': requests.name,
    'x-original-partition': '0',
    'x-original-offset': '0',
  }
  // It may be written twice.
  for (let times = 0; times < 2; times++)
    buried.log.said({ ...requests, name: 'concord.requests.v1.triage.dlq' }, null, { headers })
  expect(outputsBeforeOffsets(facts({ appended: buried.log.all, committed: [commit(25)] }))).toEqual([])
})

test('an offset that is committed before the answer is in the log is found, also when the answer comes later', () => {
  const { log, basedOn } = asked()
  log.said(triaged, aTriage({ envelope: { basedOn } }))
  const found = outputsBeforeOffsets(facts({ appended: log.all, committed: [commit(15), commit(25)] }))
  expect(found).toEqual(['triage committed past concord.requests.v1/0@0 (triage-1) before what it caused was in the log.'])
})

test('work whose time is over needs no answer, nor does a rework for another', () => {
  const { log } = asked()
  const late = commit(25, { at: Date.UTC(2026, 0, 1) + 60_000 })
  expect(outputsBeforeOffsets(facts({ appended: log.all, committed: [late] }))).toEqual([])
  const other = createLog()
  other.said(reworks, aRework({ agent: 'policy' }))
  const of = (group: 'policy' | 'knowledge') => commit(25, { group, topic: reworks.name })
  expect(outputsBeforeOffsets(facts({ appended: other.all, committed: [of('knowledge')] }))).toEqual([])
  expect(outputsBeforeOffsets(facts({ appended: other.all, committed: [of('policy')] }))).toHaveLength(1)
})

test('the coordinator owes the history, and everything that the history says was published', () => {
  const reply = aReply()
  const outputs = JSON.stringify([{ topic: replies.name, value: reply }])
  const of = (seq: number) => commit(seq, { group: 'coordinator' })
  const { log, inputs } = asked()
  log.said(caseEvents, aCaseEvent({ inputs, outputs }))
  log.said(replies, reply)
  expect(outputsBeforeOffsets(facts({ appended: log.all, committed: [of(35)] }))).toEqual([])
  const stored = new Map([['acme/req-1', { state: {}, version: 1, unpublished: 0 }]])
  expect(outputsBeforeOffsets(facts({ appended: log.all, committed: [of(25)], stored }))).toHaveLength(1)
})

test('what nobody can read is committed with its dead letter only', () => {
  const log = createLog()
  log.said(triaged, null)
  const of = commit(25, { group: 'knowledge', topic: triaged.name })
  expect(outputsBeforeOffsets(facts({ appended: log.all, committed: [of] }))).toEqual([
    'knowledge committed concord.triage.v1/0@0, which nobody could read, without a dead letter.',
  ])
})
