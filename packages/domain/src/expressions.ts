/** CEL expressions of a domain: checked when it is loaded, evaluated with the time injected, never able to do anything. */
import { Fault } from '@concord/contracts'
import type { Environment } from '@marcbachmann/cel-js'
import { createCelEnvironment } from './cel-environment.ts'
import { fromCel, toCel } from './cel-values.ts'
import type { Formats } from './formats.ts'

/** Names that every expression may use beside the facts of its action. */
export const baseVariables = ['request', 'subject', 'entities', 'mentioned', 'riskFlags', 'amount', 'now'] as const

/** Values by name; `now` is in milliseconds since the epoch. */
export interface Variables {
  now: number
  [name: string]: unknown
}

export interface Expressions {
  /** @returns what is wrong with an expression over these facts and the base variables, or null. */
  check(expression: string, facts: readonly string[], wanted?: 'bool'): string | null
  /** The value as JSON. @throws Fault `invalid_domain`, naming `what`, when it cannot be computed from these values. */
  evaluate(expression: string, variables: Variables, what: string): unknown
  /** @throws Fault like `evaluate`, also when the value is no boolean. */
  holds(expression: string, variables: Variables, what: string): boolean
  /** Replaces each `{{ expression }}` by its value. */
  fill(template: string, variables: Variables, what: string): string
}

const hole = /\{\{\s*([\s\S]*?)\s*\}\}/g

/** The expressions within a template. */
export function holesOf(template: string): string[] {
  return [...template.matchAll(hole)].map((match) => match[1]!)
}

export function createExpressions(options: { currency: string; formats: Formats }): Expressions {
  let now = 0
  const base = createCelEnvironment({ ...options, now: () => now })
  const environmentFor = createEnvironments(base)

  const evaluate = (expression: string, variables: Variables, what: string): unknown => {
    const program = environmentFor(Object.keys(variables)).parse(expression)
    const values = Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, toCel(value)]))
    // Evaluation is synchronous, so nobody else moves the time before it ends.
    now = variables.now
    try {
      return fromCel(program({ ...values, now: new Date(now) }))
    } catch (error) {
      throw unevaluable(expression, what, error)
    }
  }
  return {
    evaluate,
    check: (expression, facts, wanted) => problemWith(environmentFor([...baseVariables, ...facts]), expression, wanted),
    holds(expression, variables, what) {
      const value = evaluate(expression, variables, what)
      if (typeof value !== 'boolean') throw unevaluable(expression, what, new TypeError('no boolean'))
      return value
    },
    fill: (template, variables, what) =>
      template.replace(hole, (_, expression: string) => shown(evaluate(expression, variables, what))),
  }
}

/** One environment per set of names, each with its own parsed programs. */
function createEnvironments(base: Environment): (names: readonly string[]) => Pick<Environment, 'parse' | 'check'> {
  const known = new Map<string, Pick<Environment, 'parse' | 'check'>>()
  return (names) => {
    const key = [...new Set(names)].sort().join(' ')
    const found = known.get(key)
    if (found !== undefined) return found
    const environment = base.clone()
    for (const name of new Set(names)) environment.registerVariable(name, name === 'now' ? 'google.protobuf.Timestamp' : 'dyn')
    const programs = new Map<string, ReturnType<Environment['parse']>>()
    const made = {
      check: (expression: string) => environment.check(expression),
      parse(expression: string) {
        const program = programs.get(expression) ?? environment.parse(expression)
        programs.set(expression, program)
        return program
      },
    }
    known.set(key, made)
    return made
  }
}

function problemWith(environment: Pick<Environment, 'check'>, expression: string, wanted: 'bool' | undefined): string | null {
  const result = environment.check(expression)
  if (!result.valid) return `\`${expression}\`: ${result.error?.summary ?? 'no valid CEL'}`
  if (wanted !== undefined && result.type !== wanted && result.type !== 'dyn') {
    return `\`${expression}\` yields ${result.type ?? 'something else'}, not ${wanted}`
  }
  return null
}

/** CEL's own words may quote a value, so only its code is told; the cause keeps the rest. */
function unevaluable(expression: string, what: string, cause: unknown): Fault {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'evaluation_error'
  const mend = 'Guard what may be missing with `!= null` or has().'
  return new Fault('invalid_domain', `${what}: \`${expression}\` cannot be evaluated (${code}).`, { mend, cause })
}

function shown(value: unknown): string {
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return value.map(shown).join(', ')
  return value === null ? '' : JSON.stringify(value)
}
