/** From text to checked data, file by file. What cannot be parsed is recorded as a problem and left out. */
import { parseDocument } from 'yaml'
import type { z } from 'zod'
import type { Problems } from './problems.ts'

/** YAML 1.2 text as data; undefined when it is none. */
export function parseYaml(file: string, text: string, problems: Problems): unknown {
  const document = parseDocument(text)
  for (const error of document.errors) {
    problems.add(file, `line ${error.linePos?.[0].line ?? '?'}`, error.message.split('\n')[0] ?? 'no valid YAML', 'mend the YAML')
  }
  return document.errors.length > 0 ? undefined : document.toJS()
}

export function check<T>(file: string, schema: z.ZodType<T>, data: unknown, problems: Problems): T | undefined {
  if (data === undefined) return undefined
  const result = schema.safeParse(data, { reportInput: true })
  if (result.success) return result.data
  problems.addIssues(file, result.error)
  return undefined
}

/** Splits `---` front matter from the body; null when the file does not start with it. */
export function splitFrontMatter(text: string): { frontMatter: string; body: string } | null {
  const match = /^---\r?\n([\s\S]*?)\r?\n---[ \t]*(?:\r?\n|$)([\s\S]*)$/.exec(text)
  return match === null ? null : { frontMatter: match[1]!, body: match[2]! }
}

/** Front matter checked by the schema, and the body; undefined when the file has none or it is wrong. */
export function checkFrontMatter<T>(
  file: string,
  text: string,
  schema: z.ZodType<T>,
  problems: Problems,
): { head: T; body: string } | undefined {
  const parts = splitFrontMatter(text)
  if (parts === null) {
    problems.add(file, '', 'has no front matter', 'start it with --- lines around YAML')
    return undefined
  }
  const head = check(file, schema, parseYaml(file, parts.frontMatter, problems), problems)
  return head === undefined ? undefined : { head, body: parts.body }
}
