/** Builds the actions that the executor carries out. */
import { actions, approvalHash, caseKey, contentHash, type Action, type Commitment, type Verdict } from '@concord/contracts'
import type { CaseFile, PendingAction } from './case.ts'
import type { CaseOutput } from './events.ts'
import { basis, envelopeFor, type Making } from './messages.ts'

/** An approved action may be carried out for ten minutes; after that the record may have moved on. */
const actionValidityMs = 600_000
const longestKey = 200

/** Idempotency key of an action: the same case, action and subject never act twice. */
export function actionKey(file: CaseFile, { action, subject }: Pick<Commitment, 'action' | 'subject'>): string {
  const key = `${caseKey(file.envelope)}/${action}/${subject}`
  return key.length <= longestKey ? key : `${file.envelope.tenantId}/${contentHash(key)}`
}

/** Number of the approval that is under way: each rework of policy and each escalation comes between two. */
export const attemptOf = ({ revisions, escalations }: CaseFile): number => revisions.policy + escalations

export function action(making: Making, file: CaseFile, verdict: Verdict, approvedBy: string): Action {
  const key = actionKey(file, verdict)
  const approved = {
    action: verdict.action,
    subject: verdict.subject,
    args: verdict.args,
    amount: verdict.amount,
    recordVersion: verdict.recordVersion,
  }
  const validUntil = Math.min(making.now + actionValidityMs, verdict.validUntil ?? Infinity)
  // An action may be approved long after the case's own deadline, so it has one of its own.
  const from = { ...file.envelope, deadline: validUntil }
  return {
    envelope: envelopeFor(making, from, `actions/${contentHash(key)}`, attemptOf(file), basis(file.policy, file.draft)),
    key,
    ...approved,
    approvedBy,
    approvalHash: approvalHash(approved),
    validUntil,
  }
}

export const actionOutput = (value: Action): CaseOutput => ({ topic: actions, value })

export const pendingOf = ({ key, action, subject, envelope }: Action): PendingAction => ({
  key,
  action,
  subject,
  attempt: envelope.revision,
})
