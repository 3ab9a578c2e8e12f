/** Faults on demand: rules that say which prompts meet which failure, and how often. */
import { isRecord } from './sections.ts'

export const faultKinds = [
  'status', // an HTTP error: `code`, and `retryAfter` in seconds
  'reset', // the connection breaks
  'hang', // no answer ever
  'slow', // an answer after `ms`
  'malformed', // text that is no JSON
  'prose', // the JSON within prose
  'truncated', // half of the JSON, finish reason `length`
  'refusal', // a refusal instead of content
  'wrong_type', // JSON whose values have other types than asked for
  'empty', // no choices
  'overpromise', // a reply that promises something forbidden
  'overstate', // a reply with a number changed
] as const
export type FaultKind = (typeof faultKinds)[number]

export interface FaultRule {
  kind: FaultKind
  /** Substring of the prompt; every prompt when left out. */
  match?: string
  /** How many prompts meet it; 1 when left out. */
  times?: number | 'always'
  /** HTTP status of `status`; 503 when left out. */
  code?: number
  /** Seconds, sent as the header `retry-after` by `status`. */
  retryAfter?: number
  /** Milliseconds of `slow`; 1,000 when left out. */
  ms?: number
}

export interface FaultBox {
  set(rules: readonly FaultRule[]): void
  /** The rules that still have something to do. */
  rules(): FaultRule[]
  /** The first rule that applies, used up by one. */
  take(promptText: string, applies: (rule: FaultRule) => boolean): FaultRule | null
}

export function createFaultBox(): FaultBox {
  let left: { rule: FaultRule; times: number }[] = []
  return {
    set(rules) {
      left = rules.map((rule) => ({ rule, times: rule.times === 'always' ? Infinity : (rule.times ?? 1) }))
    },
    rules: () =>
      left.filter(({ times }) => times > 0).map(({ rule, times }) => ({ ...rule, times: times === Infinity ? 'always' : times })),
    take(promptText, applies) {
      const entry = left.find(({ rule, times }) => times > 0 && promptText.includes(rule.match ?? '') && applies(rule))
      if (entry === undefined) return null
      entry.times -= 1
      return entry.rule
    },
  }
}

/** Rules from JSON, or what is wrong with them. */
export function parseFaultRules(value: unknown): FaultRule[] | string {
  if (!Array.isArray(value)) return 'the body must be a JSON array of fault rules'
  for (const [at, rule] of value.entries()) {
    const problem = ruleProblem(rule)
    if (problem !== null) return `rule ${at}: ${problem}`
  }
  return value as FaultRule[]
}

function ruleProblem(rule: unknown): string | null {
  if (!isRecord(rule)) return 'must be an object'
  if (!faultKinds.some((kind) => kind === rule['kind'])) return `kind must be one of ${faultKinds.join(', ')}`
  if (rule['match'] !== undefined && typeof rule['match'] !== 'string') return 'match must be a string'
  if (
    rule['times'] !== undefined &&
    rule['times'] !== 'always' &&
    !(Number.isInteger(rule['times']) && Number(rule['times']) > 0)
  ) {
    return 'times must be a positive integer or "always"'
  }
  if (
    rule['code'] !== undefined &&
    !(Number.isInteger(rule['code']) && Number(rule['code']) >= 400 && Number(rule['code']) <= 599)
  ) {
    return 'code must be an HTTP error status'
  }
  for (const name of ['retryAfter', 'ms']) {
    if (rule[name] !== undefined && !(typeof rule[name] === 'number' && rule[name] >= 0))
      return `${name} must be a number of at least 0`
  }
  return null
}
