/** What is wrong with a value, by path and rule. Values, and keys that a sender chose, are never quoted. */
import type { z } from 'zod'
import { shapeOf, type ZodKind } from './zod-shape.ts'

/** More than these are counted only. */
const shown = 5

/** `text: the text is empty; history[2].at: must be a whole number`. */
export function describeIssues(schema: z.ZodType, error: z.ZodError): string {
  const lines = error.issues.slice(0, shown).map((issue) => `${pathOf(schema, issue.path) || 'the value'}: ${ruleOf(issue)}`)
  const more = error.issues.length - shown
  return lines.join('; ') + (more > 0 ? `; and ${more} more` : '')
}

function pathOf(schema: z.ZodType, path: readonly PropertyKey[]): string {
  let node: z.ZodType | undefined = schema
  let text = ''
  for (const part of path) {
    const kind: ZodKind | undefined = node && shapeOf(node).kind
    if (kind?.is === 'object') text += text === '' ? String(part) : `.${String(part)}`
    else text += typeof part === 'number' ? `[${part}]` : '[…]'
    node = kind && partOf(kind, part)
  }
  return text
}

function partOf(kind: ZodKind, part: PropertyKey): z.ZodType | undefined {
  if (kind.is === 'object') return kind.fields.get(String(part))
  if (kind.is === 'array') return kind.items
  return kind.is === 'map' ? kind.values : undefined
}

function ruleOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? `must be ${issue.expected}, and be there` : `must be ${issue.expected}`
    case 'too_small':
      return `must be at least ${issue.minimum} ${unitOf(issue.origin)}`.trim()
    case 'too_big':
      return `must be at most ${issue.maximum} ${unitOf(issue.origin)}`.trim()
    case 'invalid_value':
      return `must be one of ${issue.values.join(', ')}`
    case 'invalid_key':
      return 'has an invalid key'
    case 'custom':
      return issue.message
    case 'invalid_format':
      return issue.message
    case 'not_multiple_of':
    case 'unrecognized_keys':
    case 'invalid_union':
    case 'invalid_element':
      return `breaks the rule ${issue.code}`
  }
}

function unitOf(origin: string): string {
  return origin === 'string' ? 'characters' : origin === 'array' ? 'items' : ''
}
