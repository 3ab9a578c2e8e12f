import { caseKey, traceOf, type Fault, type RequestId, type TenantId } from '@concord/contracts'
import type { OutRecord } from '@concord/messaging'
import { deadLetter } from '../dead-letter.ts'
import { encodeOutputs } from '../encode.ts'
import { headerTexts } from '../header-texts.ts'
import { consumedTopic, type Shell } from '../shell.ts'
import type { Work } from '../work.ts'
import type { Cases } from './cases.ts'
import type { Process, Unreadable } from './define-process.ts'

/** What is sent for a message that is given up: its dead letter, and where nobody could read it, what the process says to that. */
export async function unreadableRecords<State, Event>(
  shell: Shell,
  definition: Process<State, Event>,
  cases: Cases<State>,
  work: Work,
  fault: Fault,
): Promise<OutRecord[]> {
  const letter = deadLetter(work, fault, shell)
  if (work.message !== null || definition.unreadable === undefined) return [letter]
  const about = describe(shell, work, fault)
  const owner = ownerOf(about)
  const state = owner && (await cases.look({ key: caseKey(owner), partition: about.partition }))
  const said = definition.unreadable(about, state)
  const trace = traceOf(about.headers, owner ?? { tenantId: '', requestId: `${about.topic}/${about.partition}/${about.offset}` })
  return [
    letter,
    ...(await encodeOutputs(said, { ...shell.deps, source: definition.name, declared: definition.produces, trace })),
  ]
}

function describe({ manifest }: Shell, { record }: Work, fault: Fault): Unreadable {
  const { topic, partition, offset, key, timestamp, headers } = record
  const { noun } = consumedTopic(manifest, topic)
  const texts = headerTexts(headers)
  return { noun, fault, topic, partition, offset, key: key?.toString('utf8') ?? null, receivedAt: timestamp, headers: texts }
}

/** `tenantId:conversationId` is the key, and `ce_subject` the request. Unproved: whoever sent this may have lied. */
function ownerOf({ key, headers }: Unreadable): { tenantId: TenantId; requestId: RequestId } | null {
  const tenantId = key?.split(':')[0]
  const requestId = headers['ce_subject']
  if (!tenantId || !requestId) return null
  return { tenantId: tenantId as TenantId, requestId: requestId as RequestId }
}
