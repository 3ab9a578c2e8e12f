import { Escalation } from '@concord/contracts'
import { escalatedIndex } from '@concord/dev-env'
import type { Store } from '@concord/store'
import { z } from 'zod'
import type { WaitingCase } from './client.ts'

const most = 1_000

const Stored = z.object({ state: z.object({ status: z.string(), escalation: Escalation.optional() }) })

/** @returns cases that wait for a person, by the time until someone should have decided. */
export async function readWaiting(store: Store): Promise<WaitingCase[]> {
  const ranked = await store.range(escalatedIndex, { limit: most })
  const stored = await Promise.all(ranked.map(({ key }) => store.get(key)))
  return stored.flatMap((record) => {
    const { state } = record === null ? { state: undefined } : Stored.parse(JSON.parse(record.value))
    if (state?.status !== 'escalated' || state.escalation === undefined) return []
    return [{ requestId: state.escalation.envelope.requestId, escalation: state.escalation }]
  })
}
