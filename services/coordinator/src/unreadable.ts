import { clipped } from '@concord/agreement'
import { failures, nextEnvelope } from '@concord/contracts'
import type { Unreadable } from '@concord/runtime'
import type { CaseState } from './case.ts'
import type { Desk } from './desk.ts'
import { revisionOf } from './failing.ts'

/** Who alone writes on a topic. Headers say it too, but whoever writes what cannot be read may have written none. */
const answering: Readonly<Record<string, string>> = {
  triage: 'triage',
  knowledge: 'knowledge',
  policy: 'policy',
  drafts: 'response',
  'action-results': 'executor',
}

/** An answer that cannot be read counts as its agent's failure; without a case there is nobody to tell. */
export function failureOf(
  { serviceVersion: version, domainVersion }: Desk,
  { noun, fault, topic, partition, offset, headers, receivedAt }: Unreadable,
  state: CaseState | null,
) {
  if (state === null || state.status === 'none' || noun === 'requests') return []
  const agent = answering[noun] ?? headers['ce_source']?.split('/').at(-1) ?? ''
  const revision = revisionOf(state.file, agent)
  if (revision === null) return []
  // An agent may write several such records: each is a failure of its own.
  const which = `failures/${agent}/${topic}/${partition}/${offset}`
  const making = { agent: 'coordinator', noun: which, version, domainVersion, revision, now: receivedAt }
  const envelope = nextEnvelope(state.file.envelope, making)
  const message = clipped(fault.message, 1_000)
  return [{ topic: failures, value: { envelope, agent, code: fault.code, message, topic, partition, offset } }]
}
