/** Builds what the coordinator publishes, each with its derived id. */
import { clipped } from '@concord/agreement'
import {
  briefs,
  messageHash,
  nextEnvelope,
  replies,
  reworks,
  type Basis,
  type Brief,
  type Envelope,
  type Reply,
  type Rework,
} from '@concord/contracts'
import type { CaseFile, Received } from './case.ts'
import type { Desk } from './desk.ts'
import type { CaseOutput } from './events.ts'
import { carried, withinBytes } from './sizes.ts'

/** Where and when a message is made. */
export interface Making {
  desk: Desk
  now: number
}

type WithoutEnvelope<T> = Omit<T, 'envelope'>

/** The envelope of a message that the coordinator makes of this case. */
export function envelopeFor(making: Making, from: Envelope, noun: string, revision: number, basedOn: Basis[]): Envelope {
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

/** What a message rests on, of the papers that there are. */
export const basis = (...messages: (Received<unknown> | null)[]): Basis[] =>
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
    instruction: clipped(instruction, 1_000),
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
}

/** A reply names at most so many actions; the case's history has them all. */
const mostActions = 20

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
    actions: file.done.slice(0, mostActions).map(({ action, subject, key }) => ({ action, subject, key })),
    conflicts: withinBytes(file.findings, 50_000).slice(0, 100),
    disclosure:
      content.text !== null && (content.decidedBy === 'agents' || content.decidedBy === 'rules') ? making.desk.disclosure : null,
    decidedBy: content.decidedBy,
  }
}

export const replyOutput = (value: Reply): CaseOutput => ({ topic: replies, value })

/**
 * The outcome of content that came under an id already taken. Its hash makes the outcome's id another. Its times are those of the case: the
 * same content may come again, and gets the same bytes.
 */
export function reuseRejection(making: Making, file: CaseFile, envelope: Envelope): Reply {
  const { deadline, madeAt, request } = file.envelope
  const from = carried({ ...envelope, deadline, request: { ...envelope.request, receivedAt: request.receivedAt } })
  return {
    envelope: envelopeFor({ ...making, now: madeAt }, from, 'replies', 0, []),
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
