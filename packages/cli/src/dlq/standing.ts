/** Where the case of a dead letter stands, and what a replay would therefore do. */
import { caseKey, type RequestId, type TenantId } from '@concord/contracts'
import { caseStoreKey } from '@concord/runtime'
import type { Store } from '@concord/store'
import { z } from 'zod'
import type { DeadLetter } from './dead-letter.ts'

export interface CaseOwner {
  tenantId: string
  requestId: string
}

export interface CaseStanding extends CaseOwner {
  /** Of the coordinator's case; `none` where it knows none, `unreadable` where what it keeps says nothing. */
  status: string
  /** Of a closed case. */
  outcome: string | null
  /** Of the case, in milliseconds since the epoch. */
  deadline: number | null
}

const Stored = z.object({
  state: z.object({
    status: z.string(),
    file: z.object({ envelope: z.object({ deadline: z.number() }) }).optional(),
    reply: z.object({ outcome: z.string() }).optional(),
  }),
})

export async function caseStanding(store: Store, owner: CaseOwner): Promise<CaseStanding> {
  const key = caseKey({ tenantId: owner.tenantId as TenantId, requestId: owner.requestId as RequestId })
  const stored = await store.get(caseStoreKey('coordinator', key))
  if (stored === null) return { ...owner, status: 'none', outcome: null, deadline: null }
  const read = Stored.safeParse(JSON.parse(stored.value))
  if (!read.success) return { ...owner, status: 'unreadable', outcome: null, deadline: null }
  const { status, file, reply } = read.data.state
  return { ...owner, status, outcome: reply?.outcome ?? null, deadline: file?.envelope.deadline ?? null }
}

export const ownerOf = ({ tenantId, requestId }: DeadLetter): CaseOwner | null =>
  tenantId === null || requestId === null ? null : { tenantId, requestId }

/** What a replay would do: `nothing` is certain, the others are what may be hoped for. */
export interface Prospect {
  effect: 'work' | 'evidence' | 'nothing'
  /** A sentence for the operator. */
  says: string
}

export function prospectOf({ original }: DeadLetter, standing: CaseStanding | null, now: number): Prospect {
  if (standing === null) return { effect: 'work', says: 'Whose case it is cannot be told. It is read again.' }
  const { status, outcome, deadline } = standing
  if (status === 'closed') return { effect: 'nothing', says: `Its case is closed (${outcome ?? 'ended'}) and will not change.` }
  if (status === 'none') return { effect: 'work', says: 'No case of it is kept. It is opened, if the message says enough.' }
  if (status === 'unreadable') return { effect: 'work', says: 'What is kept of its case cannot be read.' }
  if (status === 'escalated') {
    return /\.decisions\./.test(original.topic)
      ? { effect: 'work', says: 'Its case waits for this decision.' }
      : { effect: 'evidence', says: 'A person decides its case. What comes is kept for them to see.' }
  }
  if (deadline !== null && deadline <= now) return { effect: 'nothing', says: 'The time of its case is over.' }
  return { effect: 'work', says: `Its case is open (${status}).` }
}
