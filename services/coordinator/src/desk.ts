/** What the coordinator knows of the domain. Pure data and pure functions, so that decisions stay pure. */
import type { Claim, Verdict, Vocabulary } from '@concord/contracts'

export type FlagRoute = 'person' | 'decline' | 'note'

export interface DeskIntent {
  inScope: boolean
  route: 'answer' | 'person'
}

export interface Desk {
  domainVersion: string
  serviceVersion: string
  /** BCP 47 primary tags in which the agents may answer. */
  languages: readonly string[]
  replies: { outOfScope: string; notUnderstood: string; refused: string; rejectedByPerson: string }
  disclosure: string
  vocabulary: Vocabulary
  describe(claim: Claim): string
  intent(id: string): DeskIntent | undefined
  flagRoute(flag: string): FlagRoute
  /** Whether carrying the action out writes anything. */
  writes(action: string): boolean
  /** How a permitted action reads to the customer. */
  promise(verdict: Verdict): string
  /** How it reads to a reviewer, before they decide. */
  consequence(verdict: Verdict): string
  /** Milliseconds until a person should have decided. */
  slaMs(reason: string): number
}
