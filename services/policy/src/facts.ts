/** Policy's own claims: what its rules state, and what the tools said of records that the customer may know about. Pure. */
import { Fault, type Claim } from '@concord/contracts'
import { bearsOn, ruleClaim, valueOf, type Domain, type Intent, type ToolFact } from '@concord/domain'
import type { GatheredAction } from './gather.ts'

export type FactDomain = Pick<
  Domain,
  'name' | 'version' | 'currency' | 'factRules' | 'toolFactsOf' | 'vocabulary' | 'expressions'
>

/** An intent that says nothing of what it is about has no facts of policy's: all of them would drown the answer. */
export function ruleClaims(domain: FactDomain, intent: Intent): Claim[] {
  if (intent.about.length === 0) return []
  return domain.factRules
    .filter(({ predicate }) => bearsOn(intent.about, predicate))
    .map((fact) => ruleClaim(fact, domain.name, domain.version))
}

export interface ToolClaims {
  claims: Claim[]
  /** Facts whose expressions could not be evaluated: nothing is claimed then. */
  failures: Fault[]
}

export function toolClaims(domain: FactDomain, gathered: readonly GatheredAction[]): ToolClaims {
  const made = gathered.flatMap((action) => domain.toolFactsOf(action.action.id).map((fact) => claimFrom(domain, fact, action)))
  const claims = made.flatMap((claim) => (claim === null || claim instanceof Fault ? [] : claim))
  return {
    claims: [...new Map(claims.map((claim) => [claim.id, claim])).values()],
    failures: made.filter((claim) => claim instanceof Fault),
  }
}

function claimFrom(domain: FactDomain, fact: ToolFact, { variables, results }: GatheredAction): Claim | Fault | null {
  const { expressions, vocabulary } = domain
  const what = `fact ${fact.id}`
  const source = sourceOf(fact, results)
  const predicate = vocabulary.get(fact.predicate)
  if (source === undefined || predicate === undefined) return null
  try {
    if (!expressions.holds(fact.when, variables, what)) return null
    const subject = String(expressions.evaluate(fact.subject, variables, what))
    const filling = expressions.evaluate(fact.value, variables, what)
    return {
      id: `tool:${fact.id}:${subject}`.slice(0, 200),
      subject: subject.slice(0, 200),
      predicate: fact.predicate,
      value: valueOf(predicate.kind, filling, fact.unit ?? null, domain.currency),
      polarity: 'affirmed',
      scope: {},
      validFrom: null,
      validUntil: null,
      source: { kind: 'tool', ref: source.id, version: source.recordVersion },
      confidence: 1,
    }
  } catch (error) {
    return error instanceof Fault
      ? error
      : new Fault('invalid_domain', `${what} does not yield a ${predicate.kind}.`, { cause: error })
  }
}

/** The result that the value comes from: of the first fact that the expression names. */
function sourceOf({ value }: ToolFact, results: GatheredAction['results']) {
  const named = [...results].filter(
    ([name, { status }]) => status === 'found' && new RegExp(`\\b${name.replaceAll('.', '\\.')}\\b`).test(value),
  )
  return named[0]?.[1] ?? [...results.values()].find(({ status }) => status === 'found')
}
