import { caseEvents, replies } from '@concord/contracts'
import { aCaseEvent, aReply } from '@concord/contracts/testing'
import { expect, test } from 'vitest'
import { effectOnce, historyFirst, journalOf } from './journal.ts'
import { createLog, facts } from './testing.ts'

/** A core that counts: each event adds its number, `late` does not unless the case is spoilt. */
const core = {
  initial: { status: 'none', sum: 0, version: 0 },
  evolve: (state: never, event: never): unknown => {
    const { status, sum, version } = state as typeof core.initial
    const { type, add } = event as { type: string; add: number }
    return { status: type === 'closed' ? 'closed' : status, sum: sum + add, version: version + 1 }
  },
}
const check = journalOf(core)

interface Step {
  event: string
  add: number
  version?: number
  epoch?: number
}

function judged(steps: readonly Step[], stored: { sum: number; version: number; status?: string; unpublished?: number }) {
  const { said, all } = createLog()
  steps.forEach(({ event, add, version, epoch }, at) => {
    const caseVersion = version ?? at + 1
    const messageId = `e-${caseVersion}-${epoch ?? 0}`
    const turn = epoch === undefined ? null : JSON.stringify({ epoch })
    said(
      caseEvents,
      aCaseEvent({ event, caseVersion, turn, data: JSON.stringify({ type: event, add }), envelope: { messageId } }),
    )
  })
  const { sum, version, status = 'none', unpublished = 0 } = stored
  const state = { version, status, sum }
  return check(facts({ appended: all, stored: new Map([['acme/req-1', { state, version, unpublished }]]) }))
}

const two = [
  { event: 'opened', add: 1 },
  { event: 'triaged', add: 2 },
]

test('a history without gaps that gives back the stored state is well kept', () => {
  expect(judged(two, { sum: 3, version: 2 })).toEqual([])
})

test('a gap, another state, another version and an outbox that is full are found', () => {
  expect(judged([two[0]!, { ...two[1]!, version: 3 }], { sum: 3, version: 2 })).toEqual([
    'The history of acme/req-1 has the versions 1,3.',
  ])
  expect(judged(two, { sum: 4, version: 2 })).toEqual(['The history of acme/req-1 does not give back its stored state.'])
  expect(judged(two, { sum: 3, version: 3 })).toEqual(['acme/req-1 is at version 3 in the store, and at 2 in its history.'])
  expect(judged(two, { sum: 3, version: 2, unpublished: 1 })).toEqual(['acme/req-1 has 1 records that it has not published.'])
})

test('what comes late changes nothing, and a closed case is not worked on', () => {
  expect(judged([...two, { event: 'late', add: 0 }], { sum: 3, version: 3 })).toEqual([])
  expect(judged([...two, { event: 'late', add: 1 }], { sum: 4, version: 3 })).toEqual(['late has changed acme/req-1 (3).'])
  const closed = [{ event: 'closed', add: 1 }]
  expect(judged([...closed, { event: 'late', add: 0 }], { sum: 1, version: 2, status: 'closed' })).toEqual([])
  expect(judged([...closed, { event: 'drafted', add: 0 }], { sum: 1, version: 2, status: 'closed' })).toEqual([
    'acme/req-1 was closed when drafted happened to it (2).',
  ])
})

test('after a lost store the later epoch stands, and what it overtook counts for nothing', () => {
  const stray = [
    { event: 'opened', add: 1, epoch: 1 },
    { event: 'triaged', add: 9, version: 2, epoch: 1 },
    { event: 'triaged', add: 2, version: 2, epoch: 2 },
  ]
  expect(judged(stray, { sum: 3, version: 2 })).toEqual([])
  expect(judged(stray, { sum: 10, version: 2 })).toHaveLength(1)
})

test('a message that leads to a second turn is found', () => {
  const turned = (firsts: readonly number[]): string[] => {
    const { said, all } = createLog()
    firsts.forEach((first, at) => {
      const turn = JSON.stringify({ seenAs: 'm-1', first, epoch: 1 })
      said(caseEvents, aCaseEvent({ caseVersion: at + 1, turn, envelope: { messageId: `e-${at}` } }))
    })
    return effectOnce(facts({ appended: all }))
  }
  expect(turned([1, 1])).toEqual([])
  expect(turned([1, 2])).toEqual(['m-1 has had its effect on acme/req-1 2 times.'])
})

test('what is published before the history says so is found', () => {
  const reply = aReply()
  const event = aCaseEvent({ outputs: JSON.stringify([{ topic: replies.name, value: reply }]) })
  const [well, badly] = [createLog(), createLog()]
  well.said(caseEvents, event)
  well.said(replies, reply)
  badly.said(replies, reply)
  badly.said(caseEvents, event)
  expect(historyFirst(facts({ appended: well.all }))).toEqual([])
  expect(historyFirst(facts({ appended: badly.all }))).toHaveLength(1)
})
