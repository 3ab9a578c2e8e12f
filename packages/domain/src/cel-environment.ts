/** What every expression of a domain may use: CEL, and the functions below. `docs/domain.md` lists them for authors. */
import { Environment } from '@marcbachmann/cel-js'
import { instantOf, numberOf, toCel } from './cel-values.ts'
import type { Formats } from './formats.ts'

const hour = 3_600_000

export interface CelContext {
  /** Milliseconds since the epoch, as the evaluation at hand sees it. */
  now(): number
  currency: string
  formats: Formats
}

export function createCelEnvironment(context: CelContext): Environment {
  const environment = new Environment({ homogeneousAggregateLiterals: false, enableOptionalTypes: true })
  addTime(environment, context)
  addNumbers(environment)
  addWords(environment, context)
  return environment
}

function addTime(environment: Environment, { now }: CelContext): void {
  const since = (ms: number) => (moment: unknown) => BigInt(Math.floor((now() - instantOf(moment)) / ms))
  const until = (ms: number) => (moment: unknown) => BigInt(Math.floor((instantOf(moment) - now()) / ms))
  environment.registerFunction('daysSince(dyn): int', since(24 * hour))
  environment.registerFunction('hoursSince(dyn): int', since(hour))
  environment.registerFunction('daysUntil(dyn): int', until(24 * hour))
  environment.registerFunction('hoursUntil(dyn): int', until(hour))
}

/** CEL does not mix ints and doubles in arithmetic; JSON from a back end does not tell them apart, so here they mix. */
function addNumbers(environment: Environment): void {
  const mixed: Record<string, (a: number, b: number) => number> = {
    '+': (a, b) => a + b,
    '-': (a, b) => a - b,
    '*': (a, b) => a * b,
    '/': (a, b) => a / b,
  }
  for (const [operator, apply] of Object.entries(mixed)) {
    const handler = (a: unknown, b: unknown) => apply(numberOf(a), numberOf(b))
    environment.registerOperator(`int ${operator} double`, handler)
    environment.registerOperator(`double ${operator} int`, handler)
  }
  environment.registerFunction('sum(list): dyn', (items: unknown[]) =>
    toCel(items.reduce<number>((sum, item) => sum + numberOf(item), 0)),
  )
  environment.registerFunction('min(dyn, dyn): dyn', (a: unknown, b: unknown) => (numberOf(a) <= numberOf(b) ? a : b))
  environment.registerFunction('max(dyn, dyn): dyn', (a: unknown, b: unknown) => (numberOf(a) >= numberOf(b) ? a : b))
  environment.registerFunction('round(dyn): int', (value: unknown) => BigInt(Math.round(numberOf(value))))
}

function addWords(environment: Environment, { currency, formats }: CelContext): void {
  environment.registerFunction('lower(string): string', (text: string) => text.toLowerCase())
  environment.registerFunction('money(dyn): string', (minor: unknown) =>
    formats.money({ minor: Math.round(numberOf(minor)), currency }),
  )
  environment.registerFunction('date(dyn): string', (moment: unknown) =>
    formats.date(
      typeof moment === 'string' && !Number.isNaN(instantOf(moment)) ? moment : new Date(instantOf(moment)).toISOString(),
    ),
  )
}
