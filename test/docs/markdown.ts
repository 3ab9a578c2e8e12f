/** What the tests of the documents read out of Markdown: code blocks, links, headings, commands. */

import { globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

export const root: string = resolve(import.meta.dirname, '../..')

export const read = (path: string): string => readFileSync(join(root, path), 'utf8')

/** Every page that people read. */
export const markdownFiles: string[] = globSync(['*.md', 'docs/**/*.md'], { cwd: root }).toSorted()

export interface CodeBlock {
  language: string
  /** The path after the language: the block is that file, or for `diff` a change of it. */
  file: string | null
  text: string
}

export function codeBlocks(markdown: string): CodeBlock[] {
  const fences = markdown.matchAll(/^```(\w*)[ \t]*(\S*)[ \t]*\n([\s\S]*?)^```$/gm)
  return [...fences].map(([, language = '', file = '', text = '']) => ({ language, file: file === '' ? null : file, text }))
}

/** The prose: without the code blocks. */
export const withoutCode = (markdown: string): string => markdown.replaceAll(/^```[\s\S]*?^```$/gm, '')

/** Targets of the links that lead to files, without their anchors. */
export function fileLinks(markdown: string): string[] {
  const targets = [...withoutCode(markdown).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target)
  return targets.filter((target) => !/^(https?:|#)/.test(target)).map((target) => target.replace(/#.*$/, ''))
}

/** The first column of the table rows below a heading, as far as it is code. */
export function firstColumn(markdown: string, heading: string): string[] {
  const [, below = ''] = markdown.split(new RegExp(`^#+ ${heading}$`, 'm'))
  const [section = ''] = below.split(/^#+ /m)
  return [...section.matchAll(/^\| `([^`]+)`/gm)].map(([, cell = '']) => cell)
}

/** Arguments of each command in a document that begins like this, from prose and code blocks. */
export function commandsIn(markdown: string, start: string): string[][] {
  const escaped = start.replaceAll('.', '\\.')
  const found = markdown.matchAll(new RegExp(`(?:^|[\`\\s$])${escaped} ([^\`\\n#|]*)`, 'gm'))
  return [...found].map(([, rest = '']) => rest.trim().split(/\s+/))
}

/**
 * The file after the change. Lines with a blank stay, `-` go and `+` come after the line before them. A line that stays or goes follows the
 * one before it, or stands further down and only once, so that a change which no longer fits is noticed.
 */
export function applyDiff(source: string, diff: string, file: string): string {
  const lines = source.split('\n')
  let at = -1
  for (const change of diff.split('\n').filter((line) => line !== '')) {
    const text = change.slice(1)
    if (change.startsWith('+')) {
      lines.splice(++at, 0, text)
      continue
    }
    at = placeOf(text, lines, at, file)
    if (change.startsWith('-')) lines.splice(at--, 1)
  }
  return lines.join('\n')
}

function placeOf(text: string, lines: readonly string[], after: number, file: string): number {
  if (lines[after + 1] === text) return after + 1
  const place = lines.indexOf(text)
  if (place > after && lines.lastIndexOf(text) === place) return place
  throw new Error(`${file}: the change does not fit at ${JSON.stringify(text)}`)
}
