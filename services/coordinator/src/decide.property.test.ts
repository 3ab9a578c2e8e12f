import { topics, type Action, type Escalation } from '@concord/contracts'
import { testTime } from '@concord/contracts/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { initialCase, type CaseState } from './case.ts'
import { checkDraft, checkUtterance } from './check.ts'
import { dueAt } from './deadlines.ts'
import { decide, type CaseInput } from './decide.ts'
import type { CaseEvent } from './events.ts'
import { evolve } from './evolve.ts'
import { fits } from './sizes.ts'
import { caseRun, libraryDesk, request, valuesOn, type CaseRun } from './testing/case-spec.ts'
import { histories, play } from './testing/histories.ts'

type Each = NonNullable<Parameters<typeof play>[1]>

const always = (each: Each, numRuns = 250) =>
  fc.assert(
    fc.property(histories, (history) => void play(history, each)),
    { numRuns },
  )

/** Each event that the input has led to, with the state before it. */
function added(before: CaseRun, after: CaseRun): { event: CaseEvent; state: CaseState }[] {
  let { state } = before
  return after.events.slice(before.events.length).map((event) => {
    const step = { event, state }
    state = evolve(state, event)
    return step
  })
}

const actionsAmong = (events: readonly CaseEvent[]): Action[] =>
  valuesOn(
    events.flatMap(({ outputs }) => outputs),
    'actions',
  )

const withoutVersion = (state: CaseState) => ({ ...state, version: 0 })

test('a case has at most one outcome, whatever comes in whatever order and however often', () => {
  fc.assert(
    fc.property(histories, (history) => {
      const replies = valuesOn(play(history).published, 'replies').filter(
        ({ outcome }) => !['escalated', 'rejected'].includes(outcome),
      )
      expect(new Set(replies.map((reply) => JSON.stringify(reply))).size).toBeLessThanOrEqual(1)
    }),
    { numRuns: 300 },
  )
})

test('a case whose messages are lost ends by its deadline, or waits for a person', () => {
  fc.assert(
    fc.property(histories, (history) => {
      const run = play([{ step: () => request(), times: 1, waitMs: 0 }, ...history])
      const late = run.receive({ noun: 'due' }, testTime + 3_600_000 * 24 * 365)
      expect(['closed', 'escalated']).toContain(late.state.status)
    }),
    { numRuns: 300 },
  )
})

test('a case that is neither closed nor overdue with a person is looked at again', () => {
  always((_, { state }) => {
    const asleep = state.status === 'none' || state.status === 'closed' || (state.status === 'escalated' && state.breached)
    expect(dueAt(state) === null).toBe(asleep)
  })
})

test('no action is published that policy did not permit, or a person approve, and none twice in one approval or once done', () => {
  always((before, after) => {
    for (const { event, state } of added(before, after)) {
      const actions = actionsAmong([event])
      if (actions.length === 0 || state.status === 'none' || state.status === 'closed') continue
      const verdicts = state.file.policy?.value.verdicts ?? []
      expect(new Set(actions.map(({ key }) => key)).size).toBe(actions.length)
      for (const { action, subject, key, approvedBy, recordVersion } of actions) {
        const rulings = verdicts.filter((verdict) => verdict.action === action && verdict.subject === subject)
        expect(rulings.length).toBeGreaterThan(0)
        for (const { effect } of rulings)
          expect(approvedBy === 'agents' ? ['permit'] : ['permit', 'needs_approval']).toContain(effect)
        expect(rulings.map((verdict) => verdict.recordVersion)).toContain(recordVersion)
        expect(state.file.done.map((result) => result.key)).not.toContain(key)
      }
    }
  })
})

test('actions of two approvals are told apart by their ids', () => {
  fc.assert(
    fc.property(histories, (history) => {
      const ids = actionsAmong(play(history).events).map(({ envelope }) => envelope.messageId)
      expect(new Set(ids).size).toBe(ids.length)
    }),
    { numRuns: 250 },
  )
})

test('no text is released that does not pass its checks on what the case rests on then', () => {
  always((before, after, input) => {
    for (const { event, state } of added(before, after)) {
      if (event.type !== 'closed' || state.status === 'none' || state.status === 'closed' || event.reply.text === null) continue
      const { reply } = event
      const { file } = state
      if (reply.decidedBy === 'agents') {
        expect(reply.text).toBe(file.draft?.value.text)
        expect(file.draft && checkDraft(libraryDesk, file, file.draft.id, file.draft.value)).toEqual([])
      } else if (reply.decidedBy !== 'rules' && reply.text !== libraryDesk.replies.rejectedByPerson) {
        const commitments = file.draft?.value.commitments ?? []
        const checked = [[], commitments].map((made) =>
          checkUtterance(libraryDesk, file, { ref: 'r', text: reply.text ?? '', commitments: made }),
        )
        expect(
          checked.some((findings) => findings.length === 0),
          `${input.noun}: ${reply.text}`,
        ).toBe(true)
      }
    }
  })
})

test('a reply names every action that was carried out before it, and an answer follows all that it promises', () => {
  always((before, after) => {
    for (const { event, state } of added(before, after)) {
      if (event.type !== 'closed' || state.status === 'none' || state.status === 'closed') continue
      const named = event.reply.actions.map(({ key }) => key)
      const done = after.events.flatMap((past) => (past.type === 'acted' && past.result.status === 'done' ? past.result.key : []))
      expect(new Set(named)).toEqual(new Set(done))
      if (event.reply.decidedBy !== 'agents' || event.reply.outcome !== 'answered') continue
      for (const { action } of state.file.draft?.value.commitments ?? []) {
        expect(event.reply.actions.map((carriedOut) => carriedOut.action)).toContain(action)
      }
    }
  })
})

test('a decision counts only on what was shown last', () => {
  always((before, after, input) => {
    const decided = added(before, after).some(({ event }) => event.type === 'decided')
    if (!decided || input.noun !== 'decisions') return
    const shown: Escalation = before.last('escalations')
    expect([input.value.caseVersion, input.value.shownHash]).toEqual([shown.caseVersion, shown.shownHash])
  })
})

test('whatever is published keeps its contract and fits a record, and the version counts every event', () => {
  always((before, after) => {
    for (const { event, state } of added(before, after)) {
      expect(evolve(state, event).version).toBe(state.version + 1)
      expect(fits(event)).toBe(true)
      for (const { topic, value } of event.outputs) {
        expect(topics.find(({ name }) => name === topic.name)?.schema.safeParse(value).error, topic.noun).toBeUndefined()
      }
    }
  })
})

const idle: CaseEvent['type'][] = ['late', 'repeated', 'reuse_rejected']

test('what is late, repeated or rejected changes nothing, and a closed case sees little else', () => {
  always((before, after) => {
    for (const { event, state } of added(before, after)) {
      if (idle.includes(event.type)) expect(withoutVersion(evolve(state, event))).toEqual(withoutVersion(state))
      if (state.status === 'closed') expect([...idle, 'requested']).toContain(event.type)
    }
  })
})

test('deciding again gives the same events, byte for byte, and leaves its inputs as they were', () => {
  always((before, after, input: CaseInput, now) => {
    const frozen = JSON.stringify([before.state, input])
    const again = decide({ desk: libraryDesk, now }, before.state, input)
    expect(JSON.stringify(again)).toBe(JSON.stringify(after.events.slice(before.events.length)))
    expect(JSON.stringify([before.state, input])).toBe(frozen)
  }, 200)
})

test('the journal alone gives back the state', () => {
  fc.assert(
    fc.property(histories, (history) => {
      const run = play(history)
      const journal: CaseEvent[] = JSON.parse(JSON.stringify(run.events))
      expect(journal.reduce(evolve, initialCase)).toEqual(run.state)
    }),
    { numRuns: 200 },
  )
})

test('histories of this kind lead to every state and every outcome', () => {
  const seen = new Set<string>()
  fc.assert(
    fc.property(histories, (history) => {
      play(history, (_, { state }) => seen.add(state.status === 'closed' ? state.reply.outcome : state.status))
    }),
    { numRuns: 500, seed: 1 },
  )
  const expected = ['opened', 'gathering', 'drafting', 'revising', 'acting', 'escalated', 'answered', 'declined', 'expired']
  expect([...seen].filter((status) => status !== 'none').sort()).toEqual(expected.sort())
  expect(caseRun().state).toEqual(initialCase)
})
