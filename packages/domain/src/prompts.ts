/** Prompts as files: one per skill, versioned, with a hash that says which words were really used. */
import { contentHash, Fault } from '@concord/contracts'
import { PromptFrontMatter } from './format.ts'
import { checkFrontMatter } from './parse.ts'
import type { Problems } from './problems.ts'

export interface Prompt {
  name: string
  version: string
  /** Over name, version and both texts. */
  hash: string
  /** May hold `{{placeholders}}`; `{{title}}`, the domain's, is filled in already. */
  system: string
  user: string
}

export function parsePrompt(file: string, text: string, title: string, problems: Problems): Prompt | undefined {
  const parts = checkFrontMatter(file, text, PromptFrontMatter, problems)
  if (parts === undefined) return undefined
  const match = /^\s*# System[ \t]*\n([\s\S]*?)\n# User[ \t]*\n([\s\S]*)$/.exec(parts.body.replaceAll('\r\n', '\n'))
  if (match === null) {
    problems.add(file, 'body', 'does not hold "# System" followed by "# User"', 'write both headings, in this order')
    return undefined
  }
  const fill = (template: string) => template.trim().replaceAll(/\{\{\s*title\s*\}\}/g, () => title)
  const words = { ...parts.head, system: fill(match[1]!), user: fill(match[2]!) }
  return { ...words, hash: contentHash(words) }
}

/** The prompt of that name, holding at least these placeholders. @throws Fault `invalid_domain`, naming the file and the mend. */
export function promptFrom(
  prompts: ReadonlyMap<string, Prompt>,
  name: string,
  placeholders: readonly string[],
  folder: string,
): Prompt {
  const prompt = prompts.get(name)
  if (prompt === undefined)
    throw new Fault('invalid_domain', `${folder} has no prompt '${name}'.`, { mend: `Add prompts/${name}.md.` })
  const lacking = placeholders.filter((placeholder) => !holds(prompt, placeholder)).map((placeholder) => `{{${placeholder}}}`)
  if (lacking.length === 0) return prompt
  const mend = 'Put each into a section of its own beneath # User.'
  throw new Fault('invalid_domain', `${folder}: the prompt '${name}' lacks ${lacking.join(', ')}.`, { mend })
}

function holds({ system, user }: Prompt, placeholder: string): boolean {
  return new RegExp(`\\{\\{\\s*${placeholder}\\s*\\}\\}`).test(`${system} ${user}`)
}
