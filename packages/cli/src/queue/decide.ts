import { Fault } from '@concord/contracts'
import type { Client, DecisionResult, Verdict, WaitingCase } from '../client/client.ts'

/** What a reviewer asks for. */
export interface Wish {
  requestId: string
  decision: Verdict['decision']
  text: string | null
  reason: string | null
  reviewer: string
  /** The version that the reviewer has looked at; the current one where they do not say. */
  version?: number
}

/** @throws Fault `not_found` */
export async function findWaiting(client: Client, requestId: string): Promise<WaitingCase> {
  const found = (await client.waiting()).find((waiting) => waiting.requestId === requestId)
  if (found !== undefined) return found
  throw new Fault('not_found', `no case ${requestId} waits for a person.`, { mend: 'See ./concord queue list.' })
}

/** Decides on the case exactly as it stands now. @throws Fault when it has changed since the reviewer looked, or is refused */
export async function decideNow(client: Client, wish: Wish): Promise<DecisionResult> {
  const { requestId, decision, text, reason, reviewer, version } = wish
  const { caseVersion, shownHash } = (await findWaiting(client, requestId)).escalation
  if (version !== undefined && version !== caseVersion) {
    throw new Fault('invalid_input', `${requestId} is at version ${caseVersion} by now, not at ${version}.`, {
      mend: `Look again: ./concord queue show ${requestId}.`,
    })
  }
  const result = await client.decide({ requestId, decision, text, reason, reviewer, caseVersion, shownHash })
  if (result.event === 'decided') return result
  throw new Fault('invalid_input', `${requestId} is not decided. ${result.reason}`)
}
