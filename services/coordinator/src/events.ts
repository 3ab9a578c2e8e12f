/** What can happen to a case. Each event says why, and carries in full what it publishes. */
import type {
  ActionResult,
  actions,
  briefs,
  Brief,
  Decision,
  Draft,
  Envelope,
  escalations,
  Escalation,
  Finding,
  Knowledge,
  MessageOf,
  Policy,
  replies,
  Reply,
  reworks,
  Triage,
} from '@concord/contracts'
import type { PendingAction, Received } from './case.ts'

/** A message to publish: the topic and its value, of the same kind. */
export type CaseOutput =
  | { topic: typeof briefs; value: MessageOf<typeof briefs> }
  | { topic: typeof reworks; value: MessageOf<typeof reworks> }
  | { topic: typeof replies; value: MessageOf<typeof replies> }
  | { topic: typeof actions; value: MessageOf<typeof actions> }
  | { topic: typeof escalations; value: MessageOf<typeof escalations> }

export type CaseChange =
  | { type: 'opened'; envelope: Envelope; requested: boolean }
  /** The request itself, read after an answer to it. */
  | { type: 'requested' }
  | { type: 'triaged'; triage: Received<Triage> }
  | { type: 'informed'; knowledge: Received<Knowledge> }
  | { type: 'ruled'; policy: Received<Policy> }
  | { type: 'agent_failed'; agent: string; code: string }
  | { type: 'compared'; findings: Finding[] }
  | { type: 'briefed'; brief: Received<Brief> }
  | { type: 'drafted'; draft: Received<Draft> }
  | { type: 'checked'; findings: Finding[] }
  | { type: 'rework_asked'; agent: 'knowledge' | 'policy'; revision: number }
  | { type: 'approved'; pending: PendingAction[]; approvedBy: string; text: string; at: number }
  | { type: 'acted'; result: ActionResult }
  | { type: 'escalated'; escalation: Escalation; notice: Reply }
  | { type: 'decided'; decision: Decision }
  | { type: 'decision_refused'; reviewer: string; findings: Finding[] }
  | { type: 'sla_breached' }
  | { type: 'closed'; reply: Reply }
  /** Changes nothing: an answer of an older revision, or for a closed case. */
  | { type: 'late'; noun: string }
  /** Changes nothing: the request came again and gets its outcome again. */
  | { type: 'repeated' }
  /** Changes nothing: the request's id came with other content, which is rejected. */
  | { type: 'reuse_rejected' }

export type CaseEvent = CaseChange & {
  /** A sentence. */
  reason: string
  outputs: CaseOutput[]
}
