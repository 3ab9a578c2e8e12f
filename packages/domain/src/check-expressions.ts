/** Every expression parses, and names only variables that are there when it is evaluated. */
import type { DomainParts } from './domain.ts'
import { baseVariables, createExpressions, holesOf, type Expressions } from './expressions.ts'
import type { ActionSpec } from './format.ts'
import { createFormats } from './formats.ts'
import type { Problems } from './problems.ts'

type Try = (file: string, path: string, expression: string, facts: readonly string[], wanted?: 'bool') => void

export function checkExpressions(parts: DomainParts, problems: Problems): void {
  const formats = createFormats({ locale: parts.domain.languages[0]!, timezone: parts.domain.timezone })
  const expressions = createExpressions({ currency: parts.domain.currency, formats })
  const attempt = createTry(expressions, problems)
  const factsOf = new Map(parts.actions.map((action) => [action.id, action.facts.map(({ name }) => name)]))
  for (const action of parts.actions) checkAction(action, attempt, problems)
  for (const { file, rules, fromTools } of parts.rules) {
    for (const rule of rules) {
      for (const action of rule.actions) {
        const facts = factsOf.get(action)
        if (facts === undefined) continue
        attempt(file, `${rule.id}.when (for ${action})`, rule.when, facts, 'bool')
        for (const hole of holesOf(rule.reason)) attempt(file, `${rule.id}.reason (for ${action})`, hole, facts)
        for (const { id, text } of rule.obligations) {
          for (const hole of holesOf(text)) attempt(file, `${rule.id}.obligations.${id} (for ${action})`, hole, facts)
        }
      }
    }
    for (const fact of fromTools) {
      const facts = factsOf.get(fact.action)
      if (facts === undefined) continue
      attempt(file, `${fact.id}.subject`, fact.subject, facts)
      attempt(file, `${fact.id}.value`, fact.value, facts)
      attempt(file, `${fact.id}.when`, fact.when, facts, 'bool')
    }
  }
}

function createTry(expressions: Expressions, problems: Problems): Try {
  return (file, path, expression, facts, wanted) => {
    const problem = expressions.check(expression, facts, wanted)
    const variables = [...new Set([...baseVariables, ...facts])].join(', ')
    if (problem !== null) problems.add(file, path, problem, `the variables here are ${variables}`)
  }
}

function checkAction(action: ActionSpec, attempt: Try, problems: Problems): void {
  const all = action.facts.map(({ name }) => name)
  for (const [at, { name, args }] of action.facts.entries()) {
    if ((baseVariables as readonly string[]).includes(name)) {
      problems.add(
        'actions.yaml',
        `${action.id}.facts.${name}`,
        'is the name of a variable that is always there',
        'give it another',
      )
    }
    for (const [key, expression] of Object.entries(args)) {
      attempt('actions.yaml', `${action.id}.facts.${name}.args.${key}`, expression, all.slice(0, at))
    }
  }
  for (const [key, expression] of Object.entries(action.args))
    attempt('actions.yaml', `${action.id}.args.${key}`, expression, all)
  if (action.amount !== null) attempt('actions.yaml', `${action.id}.amount`, action.amount, all)
  if (action.recordVersion !== null) attempt('actions.yaml', `${action.id}.recordVersion`, action.recordVersion, all)
}
