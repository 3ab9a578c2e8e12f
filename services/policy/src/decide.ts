/** From the gathered facts to what is allowed and what policy claims. Pure. */
import {
  contentHash,
  type Basis,
  type Fault,
  type Policy,
  type Rework,
  type ToolResult,
  type Triage,
  type Verdict,
} from '@concord/contracts'
import { defaultRule, type Intent } from '@concord/domain'
import { ruleClaims, toolClaims, type FactDomain } from './facts.ts'
import type { GatheredAction } from './gather.ts'
import type { Plan } from './plan.ts'
import { ruleOn, type Ruled, type RulingDomain } from './verdicts.ts'

export interface Decided {
  content: Omit<Policy, 'envelope'>
  /** What the domain's expressions could not answer; each made policy more careful. */
  failures: Fault[]
}

const most = { claims: 100, toolResults: 50 }

/** Nothing to be ruled on, said so that nobody waits for more. */
export const nothing: Omit<Policy, 'envelope'> = { claims: [], verdicts: [], toolResults: [], missing: [], confidence: 1 }

export function decide(
  domain: RulingDomain & FactDomain,
  intent: Intent,
  { missing, tooMany }: Plan,
  gathered: readonly GatheredAction[],
  { envelope }: Pick<Triage | Rework, 'envelope'>,
): Decided {
  const ruled = gathered.map((action) => ruleOn(domain, action, envelope.customerId, tooMany))
  // A permission that still lacks something is none; what a rule refuses stands, whatever else the customer could have told.
  const standing = ruled.filter(({ verdict }) => missing.length === 0 || !verdict.requested || isRefused(verdict))
  const refused = intent.requests.every(
    (id) => ofAction(standing, id).length > 0 && ofAction(standing, id).length === ofAction(ruled, id).length,
  )
  const tools = toolClaims(domain, gathered)
  return {
    content: {
      claims: [...tools.claims, ...ruleClaims(domain, intent)].slice(0, most.claims),
      verdicts: standing.map(({ verdict }) => verdict),
      toolResults: resultsOf(gathered).slice(0, most.toolResults),
      // Nobody is asked for what would change nothing.
      missing: refused ? [] : missing,
      confidence: 1,
    },
    failures: [...ruled.flatMap(({ failure }) => failure ?? []), ...tools.failures],
  }
}

const isRefused = ({ effect, rule }: Verdict): boolean => effect === 'forbid' && rule !== defaultRule

const ofAction = (ruled: readonly Ruled[], id: string): Ruled[] => ruled.filter(({ verdict }) => verdict.action === id)

/** Each result once, in the order of actions and facts. */
function resultsOf(gathered: readonly GatheredAction[]): ToolResult[] {
  return [...new Map(gathered.flatMap(({ results }) => [...results.values()].map((result) => [result.id, result]))).values()]
}

/** Tool results as what the message rests on: their content, not the time of asking. */
export function basisOfResults(results: readonly ToolResult[]): Basis[] {
  return results.map(({ id, tool, args, status, data, recordVersion }) => ({
    id,
    hash: contentHash({ tool, args, status, data, recordVersion }),
  }))
}
