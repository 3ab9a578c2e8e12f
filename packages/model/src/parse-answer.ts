/** From what a model wrote to a value, or to what is wrong with it. */
import type { ZodType } from 'zod'

export type ParsedAnswer<T> =
  | { ok: true; value: T }
  /** `detail` may quote the answer and goes to the model alone; `problem` names places and kinds only, and may be logged. */
  | { ok: false; problem: string; detail: string }

export function parseAnswer<T>(text: string, schema: ZodType<T>): ParsedAnswer<T> {
  const json = extractJson(text)
  if (json === undefined) return { ok: false, problem: 'no JSON', detail: 'The answer holds no complete JSON value.' }
  const result = schema.safeParse(json.value)
  if (result.success) return { ok: true, value: result.data }
  const { issues } = result.error
  return {
    ok: false,
    problem: issues
      .slice(0, 5)
      .map((issue) => `${issue.path.length === 0 ? 'the answer' : fieldOf(issue.path)} ${issue.code}`)
      .join(', '),
    detail: issues
      .slice(0, 20)
      .map((issue) => `- ${issue.path.join('.') || 'the answer'}: ${issue.message}`)
      .join('\n'),
  }
}

/** The path's first name: a schema's own. Deeper ones may be keys that the model made up. */
function fieldOf(path: readonly PropertyKey[]): string {
  return String(path[0]).slice(0, 64)
}

/** The text as JSON, or the first whole JSON object or array within prose or a code fence. Never a part of a broken one. */
export function extractJson(text: string): { value: unknown } | undefined {
  const whole = tryParse(text)
  if (whole !== undefined) return whole
  for (let start = text.search(/[{[]/); start !== -1;) {
    const end = closingIndex(text, start)
    if (end === undefined) return undefined
    const part = tryParse(text.slice(start, end + 1))
    if (part !== undefined) return part
    const next = text.slice(end + 1).search(/[{[]/)
    start = next === -1 ? -1 : end + 1 + next
  }
  return undefined
}

function tryParse(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) }
  } catch {
    return undefined
  }
}

/** Where the bracket at `start` closes, strings skipped. */
function closingIndex(text: string, start: number): number | undefined {
  let depth = 0
  let quoted = false
  for (let at = start; at < text.length; at++) {
    const character = text[at]
    if (quoted) {
      if (character === '\\') at++
      else if (character === '"') quoted = false
    } else if (character === '"') quoted = true
    else if (character === '{' || character === '[') depth++
    else if ((character === '}' || character === ']') && --depth === 0) return at
  }
  return undefined
}
