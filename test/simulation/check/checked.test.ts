import { briefs, caseEvents, decisions, drafts, knowledge, messageHash, policy, replies, triaged } from '@concord/contracts'
import { aBrief, aCaseEvent, aDecision, aDraft, aKnowledge, aPolicy, aReply, aTriage } from '@concord/contracts/testing'
import { expect, test } from 'vitest'
import { checked } from './checked.ts'
import { createLog, facts } from './testing.ts'

const check = checked({
  describe: () => 'A book may be kept for 30 days.',
  promise: () => 'We extend your loan by 21 days.',
  rejectedByPerson: 'We cannot help you with this.',
})

const papers = { triage: aTriage(), knowledge: aKnowledge(), policy: aPolicy(), brief: aBrief(), draft: aDraft() }
const basedOn = Object.values(papers).map((value) => ({ id: value.envelope.messageId, hash: messageHash(value) }))
const draftId = papers.draft.envelope.messageId

/** A case whose draft passed its check, with the events that came after it, and its reply. */
function released(reply: Parameters<typeof aReply>[0], since: readonly string[] = [], check: object = { findings: [] }) {
  const { said, all } = createLog()
  said(triaged, papers.triage)
  said(knowledge, papers.knowledge)
  said(policy, papers.policy)
  said(briefs, papers.brief)
  said(drafts, papers.draft)
  const events: [string, object][] = [
    ['drafted', { draft: { id: draftId } }],
    ['checked', check],
    ...since.map((event): [string, object] => [event, {}]),
  ]
  events.forEach(([event, data], at) => {
    const envelope = { messageId: `e-${at}` }
    said(caseEvents, aCaseEvent({ event, caseVersion: at + 1, data: JSON.stringify(data), envelope }))
  })
  said(replies, aReply({ ...reply, envelope: { basedOn, ...reply?.envelope } }))
  return { all, said }
}

const problems = (...of: Parameters<typeof released>): string[] => check(facts({ appended: released(...of).all }))

test('a reply in the words of the draft that passed its check is well released', () => {
  expect(problems({})).toEqual([])
})

test('other words than those that were checked are found', () => {
  expect(problems({ text: 'A book may be kept.' })).toEqual(['The reply to req-1: its text is not the one that was checked.'])
})

test('a draft that failed its check, or was overtaken after it, is found', () => {
  const unpassed = ['The reply to req-1: its draft has not passed the checks last of all.']
  expect(problems({}, [], { findings: [{ settledBy: null }] })).toEqual(unpassed)
  expect(problems({}, ['ruled'])).toEqual(unpassed)
  expect(problems({}, ['closed'])).toEqual([])
})

test('a reply that rests on what does not stand so is found', () => {
  const first = basedOn[0]!
  const envelope = { basedOn: [{ ...first, hash: 'another' }, ...basedOn.slice(1)] }
  expect(problems({ envelope })).toEqual([`The reply to req-1: it rests on ${first.id}, which does not stand so.`])
})

test('a citation that leads nowhere is found', () => {
  const citations = [{ start: 0, end: 500, claim: 'c-1', source: 'Loans' }]
  expect(problems({ citations })).toEqual(['The reply to req-1: its citation 0 to 500 of c-1 leads nowhere.'])
})

test('a number on which nobody had agreed is found', () => {
  const draft = { ...papers.draft, text: 'A book may be kept for 90 days.' }
  const named = basedOn.map((one) => (one.id === draftId ? { id: draftId, hash: messageHash(draft) } : one))
  const { all } = released({ text: draft.text, envelope: { basedOn: named } })
  const told = all.map((one) => (one.record.topic === drafts.name ? { ...one, value: draft } : one))
  expect(check(facts({ appended: told }))).toEqual(['The reply to req-1: it says 90, on which nobody had agreed.'])
})

test('a person releases what they were shown or wrote, and nothing else', () => {
  const reply = { decidedBy: 'kim', text: 'We will write to you.' }
  const { all, said } = released(reply)
  expect(check(facts({ appended: all }))).toEqual(['The reply to req-1: kim has not written or approved it.'])
  said(decisions, aDecision({ reviewer: 'kim', decision: 'respond', text: 'We will write to you.' }))
  expect(check(facts({ appended: all }))).toEqual([])
})

test('a person may not promise a number either', () => {
  const { all, said } = released({ decidedBy: 'kim', text: 'You get 500 EUR.' })
  said(decisions, aDecision({ reviewer: 'kim', decision: 'edit', text: 'You get 500 EUR.' }))
  expect(check(facts({ appended: all }))).toEqual(['The reply to req-1: it says 500, on which nobody had agreed.'])
})
