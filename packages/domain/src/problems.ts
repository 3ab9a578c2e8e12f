/** What is wrong with a domain folder, gathered so that one reading of the message mends all of it. */
import { Fault } from '@concord/contracts'
import type { z } from 'zod'

/** One thing that is wrong, as `file: path: what is wrong; mend`. */
export interface Problems {
  add(file: string, path: string, what: string, mend?: string): void
  /** Adds every issue that zod found in the file. */
  addIssues(file: string, error: z.ZodError): void
  readonly lines: readonly string[]
}

export function createProblems(): Problems {
  const lines: string[] = []
  const add = (file: string, path: string, what: string, mend?: string) => {
    lines.push(`${file}: ${path === '' ? '(whole file)' : path}: ${what}${mend === undefined ? '' : `; ${mend}`}`)
  }
  return {
    lines,
    add,
    addIssues: (file, error) => error.issues.forEach((issue) => add(file, pathOf(issue.path), issue.message, mendOf(issue))),
  }
}

/** @throws Fault `invalid_domain` listing all problems, if there are any. */
export function throwIfAny(problems: Problems, folder: string): void {
  const { lines } = problems
  if (lines.length === 0) return
  const count = lines.length === 1 ? 'one problem' : `${lines.length} problems`
  const mend = '\nMend the files named; docs/domain.md describes the format.'
  throw new Fault('invalid_domain', `${folder} has ${count}:\n${lines.join('\n')}`, { mend })
}

export function pathOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : `${text}${text === '' ? '' : '.'}${String(part)}`),
    '',
  )
}

function mendOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'unrecognized_keys':
      return 'remove it, or mend its spelling'
    case 'invalid_type':
      return issue.input === undefined ? `write a ${issue.expected} there` : `make it a ${issue.expected}`
    case 'invalid_value':
      return `use one of ${issue.values.join(', ')}`
    case 'too_small':
      return 'write more'
    case 'too_big':
      return 'shorten it'
    case 'invalid_format':
    case 'invalid_key':
    case 'invalid_element':
    case 'invalid_union':
    case 'not_multiple_of':
    case 'custom':
      return 'mend the value'
  }
}
