/** Policy's rules: the first whose condition holds decides; without one the action is forbidden. What cannot be evaluated never permits. */
import type { ClaimValue, Obligation, Verdict } from '@concord/contracts'
import { Fault } from '@concord/contracts'
import type { Expressions, Variables } from './expressions.ts'
import type { ActionRule } from './format.ts'

/** What the rules say of one action, given its facts. */
export interface Ruling {
  effect: Verdict['effect']
  /** The rule that decided; `default` when none held. */
  rule: string
  reason: string
  limit: ClaimValue | null
  obligations: Obligation[]
  /** Why a rule could not be evaluated; null when all went well. */
  failure: Fault | null
}

/** The rule id of a verdict that no rule made. */
export const defaultRule = 'default'

const noRule = 'None of our rules allows this.'
/** Said where a rule met something it does not provide for, such as a record without a date. */
export const needsALook = 'A member of our team has to look at this before we can decide.'

/** @param rules those of the action, in order. */
export function rule(rules: readonly ActionRule[], variables: Variables, expressions: Expressions): Ruling {
  for (const candidate of rules) {
    try {
      if (expressions.holds(candidate.when, variables, `rule ${candidate.id}`)) return decided(candidate, variables, expressions)
    } catch (error) {
      return undecided(candidate.id, Fault.from(error))
    }
  }
  return { effect: 'forbid', rule: defaultRule, reason: noRule, limit: null, obligations: [], failure: null }
}

/** A person must look: the rule at hand could not be evaluated, so neither it nor those after it may permit anything. */
export function undecided(ruleId: string, failure: Fault): Ruling {
  return { effect: 'needs_approval', rule: ruleId, reason: needsALook, limit: null, obligations: [], failure }
}

function decided(decision: ActionRule, variables: Variables, expressions: Expressions): Ruling {
  const { id, effect, title, limit, obligations } = decision
  const fill = (template: string) => expressions.fill(template, variables, `rule ${id}`)
  try {
    return {
      effect,
      rule: id,
      reason: fill(decision.reason),
      limit: limit === undefined ? null : moneyValue(limit),
      obligations: obligations.map((obligation) => ({ id: obligation.id, text: fill(obligation.text) })),
      failure: null,
    }
  } catch (error) {
    const failure = Fault.from(error)
    return effect === 'forbid'
      ? { effect, rule: id, reason: title, limit: null, obligations: [], failure }
      : undecided(id, failure)
  }
}

function moneyValue({ minor, currency }: { minor: number; currency: string }): ClaimValue {
  return {
    kind: 'money',
    minor,
    currency,
    boolean: null,
    number: null,
    unit: null,
    date: null,
    min: null,
    max: null,
    text: null,
    items: null,
  }
}
