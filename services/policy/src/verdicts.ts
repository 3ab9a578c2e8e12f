/** From an action's facts to the ruling on it, with all that carrying it out would take. Pure. */
import { canonicalJson, contentHash, Fault, type Money, type Verdict } from '@concord/contracts'
import { needsALook, rule, undecided, type Domain, type Ruling } from '@concord/domain'
import type { GatheredAction } from './gather.ts'
import { subjectOfPlan } from './plan.ts'

export type RulingDomain = Pick<Domain, 'currency' | 'expressions' | 'rulesOf' | 'tools'>

export interface Ruled {
  verdict: Verdict
  /** Why a person must look although rules were there; null when the rules could be evaluated. */
  failure: Fault | null
}

/** @param tooMany whether nothing may be permitted without a person, because not all that was named is ruled on */
export function ruleOn(domain: RulingDomain, gathered: GatheredAction, customerId: string | null, tooMany: boolean): Ruled {
  const { action, requested, results } = gathered
  const amount = attempt(() => amountOf(domain, gathered))
  const variables = { ...gathered.variables, amount: amount.value?.minor ?? null }
  const write = attempt(() => writeOf(domain, { ...gathered, variables }))
  const ruling = limited(rule(domain.rulesOf(action.id), variables, domain.expressions), tooMany, amount.failure ?? write.failure)
  const subject = subjectOfPlan(gathered, customerId)
  const allowed = ruling.effect !== 'forbid'
  const verdict: Verdict = {
    id: `verdict:${action.id}:${contentHash(subject)}`,
    action: action.id,
    subject,
    effect: ruling.effect,
    rule: ruling.rule,
    reason: ruling.reason.slice(0, 1_000),
    requested,
    amount: amount.value ?? null,
    limit: ruling.limit,
    obligations: ruling.obligations,
    args: allowed ? (write.value?.args ?? '{}') : '{}',
    recordVersion: write.value?.recordVersion ?? null,
    toolResults: [...new Set([...results.values()].map(({ id }) => id))],
    validUntil: null,
  }
  return { verdict, failure: ruling.failure }
}

/** What is permitted must also be possible: an action whose amount or arguments cannot be made goes to a person. */
function limited(ruling: Ruling, tooMany: boolean, failure: Fault | null): Ruling {
  if (ruling.effect === 'forbid') return ruling
  if (failure !== null) return undecided(ruling.rule, failure)
  return tooMany ? { ...ruling, effect: 'needs_approval', reason: needsALook } : ruling
}

function amountOf(domain: RulingDomain, { action, variables }: GatheredAction): Money | null {
  if (action.amount === null) return null
  const minor = domain.expressions.evaluate(action.amount, variables, `action ${action.id}, amount`)
  if (minor === null) return null
  if (typeof minor === 'number' && Number.isSafeInteger(minor)) return { minor, currency: domain.currency }
  throw new Fault('invalid_domain', `the amount of action ${action.id} is no whole number of minor units.`)
}

interface Write {
  /** Canonical JSON. */
  args: string
  recordVersion: string | null
}

function writeOf(domain: RulingDomain, { action, variables }: GatheredAction): Write {
  const value = (expression: string, name: string) =>
    domain.expressions.evaluate(expression, variables, `action ${action.id}, ${name}`)
  const args = Object.fromEntries(Object.entries(action.args).map(([name, expression]) => [name, value(expression, name)]))
  if (action.tool !== null) domain.tools.get(action.tool)?.check(args)
  const version = action.recordVersion === null ? null : value(action.recordVersion, 'recordVersion')
  if (version === null) return { args: canonicalJson(args), recordVersion: null }
  if (typeof version === 'string' || typeof version === 'number')
    return { args: canonicalJson(args), recordVersion: String(version) }
  throw new Fault('invalid_domain', `the record version of action ${action.id} is neither a text nor a number.`)
}

function attempt<T>(make: () => T): { value: T | undefined; failure: Fault | null } {
  try {
    return { value: make(), failure: null }
  } catch (error) {
    return { value: undefined, failure: Fault.from(error) }
  }
}
