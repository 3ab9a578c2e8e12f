import { Action, ActionResult, approvalHash } from '../messages/action.ts'
import { Brief } from '../messages/brief.ts'
import { CaseEvent } from '../messages/case-event.ts'
import { Decision, Escalation } from '../messages/escalation.ts'
import { Reply } from '../messages/reply.ts'
import { Rework } from '../messages/rework.ts'
import { anEnvelope, testTime, type MessageOverrides } from './case.ts'
import { aClaim, aFinding, aPassage } from './parts.ts'

export function aBrief(overrides: MessageOverrides<typeof Brief> = {}): Brief {
  return Brief.parse({
    outcome: 'answered',
    intent: 'opening_hours',
    language: 'en',
    claims: [aClaim()],
    passages: [aPassage()],
    permitted: [],
    forbidden: [],
    obligations: [],
    missing: [],
    objections: [],
    ...overrides,
    envelope: anEnvelope(overrides.envelope, { agent: 'coordinator', noun: 'briefs' }),
  })
}

export function aRework(overrides: MessageOverrides<typeof Rework> = {}): Rework {
  return Rework.parse({
    agent: 'policy',
    intent: 'extend_loan',
    entities: [{ kind: 'loan', value: 'L1' }],
    riskFlags: [],
    instruction: 'The loan has changed: rule again.',
    changed: ['t-1'],
    ...overrides,
    envelope: anEnvelope({ revision: 1, ...overrides.envelope }, { agent: 'coordinator', noun: 'reworks/policy' }),
  })
}

export function aReply(overrides: MessageOverrides<typeof Reply> = {}): Reply {
  return Reply.parse({
    outcome: 'answered',
    text: 'A book may be kept for 30 days.',
    reason: 'agreed',
    citations: [],
    actions: [],
    conflicts: [],
    disclosure: 'This answer was written by a machine.',
    decidedBy: 'agents',
    ...overrides,
    envelope: anEnvelope(overrides.envelope, { agent: 'coordinator', noun: 'replies' }),
  })
}

/** Its approval hash fits what it says, unless another is given. */
export function anAction(overrides: MessageOverrides<typeof Action> = {}): Action {
  const action = Action.parse({
    key: 'acme/req-1/extend_loan/loan:L1',
    action: 'extend_loan',
    subject: 'loan:L1',
    args: '{"loan":"L1"}',
    recordVersion: '1',
    approvedBy: 'agents',
    approvalHash: 'to be derived',
    validUntil: testTime + 60_000,
    ...overrides,
    envelope: anEnvelope(overrides.envelope, { agent: 'coordinator', noun: 'actions' }),
  })
  return overrides.approvalHash === undefined ? { ...action, approvalHash: approvalHash(action) } : action
}

export function anActionResult(overrides: MessageOverrides<typeof ActionResult> = {}): ActionResult {
  return ActionResult.parse({
    key: 'acme/req-1/extend_loan/loan:L1',
    action: 'extend_loan',
    subject: 'loan:L1',
    status: 'done',
    message: 'The loan is extended.',
    recordVersion: '2',
    ...overrides,
    envelope: anEnvelope(overrides.envelope, { agent: 'executor' }),
  })
}

export function anEscalation(overrides: MessageOverrides<typeof Escalation> = {}): Escalation {
  return Escalation.parse({
    reason: 'contradiction',
    summary: 'Two sources disagree about the loan period.',
    consequence: 'The customer would be told 14 days.',
    findings: [aFinding()],
    draft: 'A book may be kept for 14 days.',
    citations: [],
    commitments: [],
    verdicts: [],
    caseVersion: 7,
    shownHash: 'shown-1',
    slaAt: testTime + 3_600_000,
    ...overrides,
    envelope: anEnvelope(overrides.envelope, { agent: 'coordinator', noun: 'escalations' }),
  })
}

export function aDecision(overrides: MessageOverrides<typeof Decision> = {}): Decision {
  return Decision.parse({
    decision: 'approve',
    caseVersion: 7,
    shownHash: 'shown-1',
    reviewer: 'rae',
    ...overrides,
    envelope: anEnvelope(overrides.envelope, { agent: 'queue' }),
  })
}

export function aCaseEvent(overrides: MessageOverrides<typeof CaseEvent> = {}): CaseEvent {
  return CaseEvent.parse({
    caseVersion: 1,
    event: 'opened',
    status: 'opened',
    reason: 'The request was accepted.',
    inputs: [],
    data: '{"type":"opened"}',
    outputs: '[]',
    ...overrides,
    envelope: anEnvelope(overrides.envelope, { agent: 'coordinator', noun: 'case-events/1' }),
  })
}
