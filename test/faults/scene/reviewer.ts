/** A person who declines whatever is put before them, and sees it as the checker does. */
import {
  decisions,
  messageHeaders,
  nextEnvelope,
  partitionKey,
  traceOf,
  type Codec,
  type Decision,
  type Envelope,
} from '@concord/contracts'
import type { OutRecord } from '@concord/messaging'
import type { SightingOf } from '../check/sighting.ts'
import type { Sender } from './load.ts'

const reviewer = 'faults-reviewer'

export interface Reviewer {
  /** Decides on each that it has not decided on yet. */
  review(escalations: readonly SightingOf<'escalation'>[]): Promise<void>
}

export function createReviewer(sender: Sender, codec: Codec, domainVersion: string): Reviewer {
  const decided = new Set<string>()
  return {
    async review(escalations) {
      const fresh = escalations.filter(({ messageId }) => !decided.has(messageId))
      for (const escalation of fresh) decided.add(escalation.messageId)
      await Promise.all(fresh.map(async (one) => sender.send(await decisionRecord(one, codec, domainVersion))))
    },
  }
}

async function decisionRecord({ body }: SightingOf<'escalation'>, codec: Codec, domainVersion: string): Promise<OutRecord> {
  const { caseVersion, shownHash } = body
  const now = Date.now()
  const from = body.envelope as Envelope
  const making = { agent: `queue/${reviewer}`, noun: 'decisions/reject', version: '1.0.0', domainVersion, now }
  const envelope = nextEnvelope(from, { ...making, revision: caseVersion })
  const said = { decision: 'reject', text: null, reason: 'Not today.', reviewer } as const
  const decision: Decision = { envelope, caseVersion, shownHash, ...said }
  const { messageId, requestId } = envelope
  const trace = traceOf({}, envelope)
  const about = { topic: decisions.name, messageId, source: 'queue', requestId, time: now, trace }
  return {
    topic: decisions.name,
    key: partitionKey(envelope),
    value: await codec.encode(decisions, decision),
    headers: messageHeaders(about),
  }
}
