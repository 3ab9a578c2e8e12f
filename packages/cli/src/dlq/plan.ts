/** What a replay of these letters would send, and what would come of it. Pure. */
import type { DeadLetter } from './dead-letter.ts'
import { refusal } from './refusal.ts'
import { ownerOf, prospectOf, type CaseOwner, type CaseStanding, type Prospect } from './standing.ts'

export interface PlannedReplay {
  letter: DeadLetter
  prospect: Prospect
  /** Why it is not sent, or null. */
  refused: string | null
}

export function ownersOf(letters: readonly DeadLetter[]): CaseOwner[] {
  const owners = letters.map(ownerOf).filter((owner) => owner !== null)
  return [...new Map(owners.map((owner) => [nameOf(owner), owner])).values()]
}

export function planReplays(
  letters: readonly DeadLetter[],
  standings: readonly CaseStanding[],
  { force, now }: { force: boolean; now: number },
): PlannedReplay[] {
  const standingOf = new Map(standings.map((standing) => [nameOf(standing), standing]))
  return letters.map((letter) => {
    const owner = ownerOf(letter)
    const standing = owner && (standingOf.get(nameOf(owner)) ?? null)
    return { letter, prospect: prospectOf(letter, standing, now), refused: force ? null : refusal(letter) }
  })
}

const nameOf = ({ tenantId, requestId }: CaseOwner): string => `${tenantId}/${requestId}`
