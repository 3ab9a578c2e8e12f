/** Prompts as files: one per skill, versioned, with a hash that says which words were really used. */
import { contentHash } from '@concord/contracts'
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
