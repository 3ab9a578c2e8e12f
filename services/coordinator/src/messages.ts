/** Builds what the coordinator publishes, each with its derived id. */
import {
  actions,
  approvalHash,
  briefs,
  caseKey,
  contentHash,
  escalations,
  messageHash,
  nextEnvelope,
  replies,
  reworks,
  type Action,
  type Basis,
  type Brief,
  type Commitment,
  type Envelope,
  type Escalation,
  type Reply,
  type Rework,
  type Verdict,
} from '@concord/contracts'
import type { CaseFile, Received } from './case.ts'
import type { Desk } from './desk.ts'
import type { CaseOutput } from './events.ts'

/** An approved action may be carried out for ten minutes; after that the record may have moved on. */
const actionValidityMs = 600_000

/** Where and when a message is made. */
export interface Making {
  desk: Desk
  now: number
}

type WithoutEnvelope<T> = Omit<T, 'envelope'>

function envelopeFor(making: Making, from: Envelope, noun: string, revision: number, basedOn: Basis[]): Envelope {
  return nextEnvelope(from, {
    agent: 'coordinator',
    noun,
    version: making.desk.serviceVersion,
    promptVersion: null,
    domainVersion: making.desk.domainVersion,
    revision,
    basedOn,
    now: making.now,
  })
}

const basis = (...messages: (Received<unknown> | null)[]): Basis[] =>
  messages.filter((message) => message !== null).map(({ id, hash }) => ({ id, hash }))

export function brief(making: Making, file: CaseFile, content: WithoutEnvelope<Brief>, revision: number): Received<Brief> {
  const envelope = envelopeFor(making, file.envelope, 'briefs', revision, basis(file.triage, file.knowledge, file.policy))
  const value = { envelope, ...content }
  return { id: envelope.messageId, hash: messageHash(value), value }
}

export const briefOutput = (made: Received<Brief>): CaseOutput => ({ topic: briefs, value: made.value })

export function rework(
  making: Making,
  file: CaseFile,
  agent: 'knowledge' | 'policy',
  instruction: string,
  changed: string[],
): Rework {
  const revision = file.revisions[agent] + 1
  const triage = file.triage?.value
  return {
    envelope: envelopeFor(making, file.envelope, `reworks/${agent}`, revision, basis(file[agent])),
    agent,
    intent: triage?.intent ?? null,
    entities: triage?.entities ?? [],
    riskFlags: triage?.riskFlags ?? [],
    instruction,
    changed,
  }
}

export const reworkOutput = (value: Rework): CaseOutput => ({ topic: reworks, value })

/** What a reply says beside its text; the rest has defaults. */
export interface ReplyContent {
  outcome: Reply['outcome']
  reason: string
  text: string | null
  error?: string
  decidedBy: string
  citations?: Reply['citations']
  actions?: Reply['actions']
}

/** The outcome of a case: one id, whatever leads to it. The notice `escalated` has an id for each escalation. */
export function reply(making: Making, file: CaseFile, content: ReplyContent): Reply {
  const notice = content.outcome === 'escalated'
  const rests = basis(file.triage, file.knowledge, file.policy, file.brief, file.draft)
  return {
    envelope: envelopeFor(making, file.envelope, notice ? 'notices' : 'replies', notice ? file.escalations : 0, rests),
    outcome: content.outcome,
    text: content.text,
    reason: content.reason,
    error: content.error ?? null,
    citations: content.citations ?? [],
    actions: content.actions ?? [],
    conflicts: file.findings.slice(0, 100),
    disclosure:
      content.text !== null && (content.decidedBy === 'agents' || content.decidedBy === 'rules') ? making.desk.disclosure : null,
    decidedBy: content.decidedBy,
  }
}

export const replyOutput = (value: Reply): CaseOutput => ({ topic: replies, value })

/** The outcome of content that came under an id already taken. Its hash makes the outcome's id another. */
export function reuseRejection(making: Making, envelope: Envelope): Reply {
  return {
    envelope: envelopeFor(making, envelope, 'replies', 0, []),
    outcome: 'rejected',
    text: null,
    reason: 'request_id_reused',
    error: `The request id ${envelope.requestId} was used before with other content. Send this content under an id of its own.`,
    citations: [],
    actions: [],
    conflicts: [],
    disclosure: null,
    decidedBy: 'rules',
  }
}

/** Idempotency key of an action: the same case, action and subject never act twice. */
export function actionKey(file: CaseFile, of: { action: string; subject: string }): string {
  return `${caseKey(file.envelope)}/${of.action}/${of.subject}`
}

export function action(making: Making, file: CaseFile, commitment: Commitment, verdict: Verdict, approvedBy: string): Action {
  const key = actionKey(file, commitment)
  const approved = {
    action: verdict.action,
    subject: verdict.subject,
    args: verdict.args,
    amount: verdict.amount,
    recordVersion: verdict.recordVersion,
  }
  const validUntil = making.now + actionValidityMs
  // An action may be approved long after the case's own deadline, so it has one of its own.
  const from = { ...file.envelope, deadline: validUntil }
  const attempt = file.revisions.policy + file.escalations
  return {
    envelope: envelopeFor(making, from, `actions/${contentHash(key)}`, attempt, basis(file.policy, file.draft)),
    key,
    ...approved,
    approvedBy,
    approvalHash: approvalHash(approved),
    validUntil,
  }
}

export const actionOutput = (value: Action): CaseOutput => ({ topic: actions, value })

/** Hash over what a reviewer is shown: deciding on anything else is refused. */
export function shownHash(shown: Pick<Escalation, 'draft' | 'commitments' | 'verdicts' | 'findings'>): string {
  const { draft, commitments, verdicts, findings } = shown
  return contentHash({ draft, commitments, verdicts, findings })
}

export function escalation(
  making: Making,
  file: CaseFile,
  content: { reason: string; summary: string; consequence: string; caseVersion: number },
): Escalation {
  const draft = file.draft?.value
  const shown = {
    findings: file.findings.slice(0, 100),
    draft: draft?.text ?? null,
    commitments: draft?.commitments ?? [],
    verdicts: file.policy?.value.verdicts ?? [],
  }
  const rests = basis(file.triage, file.knowledge, file.policy, file.draft)
  return {
    envelope: envelopeFor(making, file.envelope, 'escalations', file.escalations, rests),
    reason: content.reason,
    summary: content.summary.slice(0, 2_000),
    consequence: content.consequence.slice(0, 1_000),
    citations: draft?.citations ?? [],
    ...shown,
    caseVersion: content.caseVersion,
    shownHash: shownHash(shown),
    slaAt: making.now + making.desk.slaMs(content.reason),
  }
}

export const escalationOutput = (value: Escalation): CaseOutput => ({ topic: escalations, value })
