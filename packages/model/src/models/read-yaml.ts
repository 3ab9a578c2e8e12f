import { Fault } from '@concord/contracts'
import { parse, YAMLParseError } from 'yaml'
import type { z, ZodType } from 'zod'

/** Something wrong in a file, where, and what to do about it. */
export interface Problem {
  /** Names and places from the top, with dots between. */
  path: string
  problem: string
  mend: string
}

/** @throws Fault `invalid_config` naming the file, each place, what is wrong there and its mend. */
export function readYaml<S extends ZodType>(
  file: string,
  text: string,
  schema: S,
  check: (value: z.infer<S>) => readonly Problem[],
): z.infer<S> {
  const parsed = schema.safeParse(parseYaml(file, text))
  const problems = parsed.success ? check(parsed.data) : parsed.error.issues.map(ofIssue)
  if (problems.length > 0) throw broken(file, problems)
  return parsed.data as z.infer<S>
}

function parseYaml(file: string, text: string): unknown {
  try {
    return parse(text)
  } catch (error) {
    const at = error instanceof YAMLParseError ? (error.linePos?.[0] ?? null) : null
    const path = at === null ? 'the file' : `line ${at.line}, column ${at.col}`
    throw broken(file, [{ path, problem: 'is no YAML.', mend: 'Look at indentation and quotes there.' }])
  }
}

function ofIssue({ path, message, code }: z.core.$ZodIssue): Problem {
  const unknown = code === 'unrecognized_keys' ? 'Remove it, or look for a slip of the pen.' : 'Correct the value.'
  return { path: path.join('.') || 'the file', problem: `${message}.`, mend: unknown }
}

function broken(file: string, problems: readonly Problem[]): Fault {
  return new Fault('invalid_config', problems.map(({ path, problem, mend }) => `${file}: ${path}: ${problem} ${mend}`).join(' '))
}
