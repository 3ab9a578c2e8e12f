import { expect, test } from 'vitest'
import * as builders from './testing.ts'
import { approvalHash } from './messages/action.ts'
import { topics, type Topic } from './topics.ts'

const messages: Record<(typeof topics)[number]['noun'], unknown> = {
  requests: builders.aRequest(),
  triage: builders.aTriage(),
  knowledge: builders.aKnowledge(),
  policy: builders.aPolicy({ verdicts: [builders.aVerdict()], toolResults: [builders.aToolResult()] }),
  briefs: builders.aBrief(),
  drafts: builders.aDraft(),
  reworks: builders.aRework(),
  failures: builders.aFailure(),
  replies: builders.aReply({ conflicts: [builders.aFinding()] }),
  actions: builders.anAction(),
  'action-results': builders.anActionResult(),
  escalations: builders.anEscalation(),
  decisions: builders.aDecision(),
  'case-events': builders.aCaseEvent(),
  'model-calls': builders.aModelCall(),
}

test.each(topics.map((topic) => [topic.noun, topic as Topic] as const))(
  'the builder of %s builds a valid message',
  (noun, topic) => {
    expect(topic.schema.parse(messages[noun])).toEqual(messages[noun])
  },
)

test('a builder takes what matters and keeps the rest', () => {
  const triage = builders.aTriage({ inScope: false, envelope: { requestId: 'r-2', revision: 1 } })
  expect(triage).toMatchObject({
    inScope: false,
    intent: 'opening_hours',
    envelope: { requestId: 'r-2', conversationId: 'r-2', revision: 1 },
  })
  expect(triage.envelope.messageId).not.toBe(builders.aTriage().envelope.messageId)
})

test('an action is approved as it stands, unless the test says otherwise', () => {
  const action = builders.anAction({ args: '{"loan":"L2"}' })
  expect(action.approvalHash).toBe(approvalHash(action))
  expect(builders.anAction({ approvalHash: 'forged' }).approvalHash).toBe('forged')
})

test('an approval covers action, subject, arguments, amount and record version', () => {
  const action = builders.anAction()
  const changes = [
    { action: 'b' },
    { subject: 'b' },
    { args: '{}' },
    { amount: { minor: 1, currency: 'EUR' } },
    { recordVersion: null },
  ]
  expect(new Set([action, ...changes.map((change) => ({ ...action, ...change }))].map(approvalHash)).size).toBe(6)
})
