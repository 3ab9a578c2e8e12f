/** What an agent publishes belongs to the case of the message that it handled, and fits into a record. */
import { Fault, type Envelope, type Topic } from '@concord/contracts'
import type { OutputOf } from '../outcome.ts'

const ofCase = ['tenantId', 'requestId', 'requestHash', 'conversationId'] as const

/** @throws Fault `invalid_output` for an output of another case, and for one whose id another output has. */
export function checkOutputs(outputs: readonly OutputOf<Topic>[], input: Envelope): void {
  const ids = new Set<unknown>()
  for (const { topic, value } of outputs) {
    const envelope = (value as { envelope?: Partial<Envelope> } | null | undefined)?.envelope
    if (!envelope) continue // the encoder says what is wrong with it
    const strange = ofCase.find((field) => envelope[field] !== input[field])
    if (strange !== undefined) {
      throw new Fault('invalid_output', `the ${strange} of an output for ${topic.name} is not that of the message.`, {
        mend: 'Make its envelope with context.envelope().',
      })
    }
    if (ids.has(envelope.messageId)) {
      throw new Fault('invalid_output', `an output for ${topic.name} has the id of another.`, {
        mend: 'Give each a noun of its own: context.envelope({ noun }).',
      })
    }
    ids.add(envelope.messageId)
  }
}

/** Of the million bytes that a record holds, this much may be the request's snapshot. */
const mostSnapshotBytes = 100_000

/** The envelope without what makes its request long, so that what the runtime itself says always fits into a record. */
export function slim(envelope: Envelope): Envelope {
  const { request } = envelope
  if (Buffer.byteLength(JSON.stringify(request)) <= mostSnapshotBytes) return envelope
  return { ...envelope, request: { ...request, history: [], metadata: {} } }
}
