/** Arguments checked by the tool's JSON schema before anything is called, and put where the tool wants them. */
import { Fault } from '@concord/contracts'
import { z } from 'zod'
import type { Tool } from './format.ts'

export type ToolArgs = Readonly<Record<string, unknown>>

export interface CheckedTool extends Tool {
  /** @throws Fault `tool_rejected` naming the arguments that are wrong, never their values. */
  check(args: ToolArgs): void
}

/** @throws Error where the tool's `args` are no JSON schema that we can check. */
export function checkedTool(tool: Tool): CheckedTool {
  const schema = argumentsSchema(tool)
  return {
    ...tool,
    check(args) {
      const result = schema.safeParse(args)
      if (result.success) return
      const wrong = [...new Set(result.error.issues.flatMap((issue) => namesOf(issue)))].join(', ')
      throw new Fault('tool_rejected', `the arguments of '${tool.id}' do not fit its schema: ${wrong}.`, {
        mend: 'Mend the expressions that make them.',
      })
    },
  }
}

/** What is not named in the schema is refused, whether or not the schema says so. */
export function argumentsSchema(tool: Pick<Tool, 'args'>): z.ZodType {
  return z.fromJSONSchema({ type: 'object', ...tool.args, additionalProperties: false })
}

/** Names of the `{placeholders}` in a path. */
export function placeholdersOf(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!)
}

/** URL and body: the path's placeholders first; what is left is the query of a GET or DELETE, and the JSON body of the others. */
export function placeArgs(tool: Tool, args: ToolArgs, baseUrl: string): { url: string; body: string | null } {
  const path = tool.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(args[name])))
  const rest = Object.entries(args).filter(([name, value]) => !placeholdersOf(tool.path).includes(name) && value !== undefined)
  const url = baseUrl.replace(/\/$/, '') + path
  if (tool.method !== 'GET' && tool.method !== 'DELETE') return { url, body: JSON.stringify(Object.fromEntries(rest)) }
  const query = new URLSearchParams(
    rest.map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
  ).toString()
  return { url: query === '' ? url : `${url}?${query}`, body: null }
}

function namesOf(issue: z.core.$ZodIssue): string[] {
  return issue.code === 'unrecognized_keys' ? issue.keys : [issue.path.length === 0 ? '(all)' : issue.path.map(String).join('.')]
}
