/** Articles cut into passages: the pieces that are found, quoted and cited. */
import type { Passage } from '@concord/contracts'
import { validFrom, validUntil } from './dates.ts'
import { ArticleFrontMatter } from './format.ts'
import { checkFrontMatter } from './parse.ts'
import type { Problems } from './problems.ts'

/** A piece of an article, under one heading. */
export type ArticlePassage = Pick<Passage, 'id' | 'document' | 'title' | 'version' | 'chunk' | 'text'>

export interface Article {
  id: string
  title: string
  version: string
  accessGroups: readonly string[]
  /** Milliseconds since the epoch; null is open. */
  validFrom: number | null
  /** Exclusive. */
  validUntil: number | null
  facts: ArticleFrontMatter['facts']
  passages: readonly ArticlePassage[]
  /** Path within the domain folder. */
  file: string
}

/** A passage must fit its contract; a longer one is cut between paragraphs. */
const longest = 3_500

export function parseArticle(file: string, text: string, timezone: string, problems: Problems): Article | undefined {
  const parts = checkFrontMatter(file, text, ArticleFrontMatter, problems)
  if (parts === undefined) return undefined
  const { head, body } = parts
  for (const name of ['validFrom', 'validUntil'] as const) {
    const date = head[name]
    if (date === null || !Number.isNaN(Date.parse(date))) continue
    problems.add(file, name, 'is no ISO 8601 date', 'write it as 2026-01-31')
    return undefined
  }
  const passages = toPassages(head, body)
  if (passages.length === 0) problems.add(file, 'body', 'has no text', 'write the article beneath the front matter')
  return {
    ...head,
    validFrom: validFrom(head.validFrom, timezone),
    validUntil: validUntil(head.validUntil, timezone),
    passages,
    file,
  }
}

function toPassages(head: ArticleFrontMatter, body: string): ArticlePassage[] {
  return sections(body)
    .flatMap(({ heading, text }) => cut(text).map((piece) => ({ heading, text: piece })))
    .map(({ heading, text }, chunk) => ({
      id: `${head.id}@${head.version}#${chunk}`,
      document: head.id,
      title: heading === '' || heading === head.title ? head.title : `${head.title}: ${heading}`.slice(0, 200),
      version: head.version,
      chunk,
      text,
    }))
}

function sections(body: string): { heading: string; text: string }[] {
  const all = [{ heading: '', lines: [] as string[] }]
  for (const line of body.split(/\r?\n/)) {
    const heading = /^#{1,6}\s+(.*?)\s*#*$/.exec(line)
    if (heading === null) all.at(-1)!.lines.push(line)
    else all.push({ heading: plain(heading[1]!), lines: [] })
  }
  return all.map(({ heading, lines }) => ({ heading, text: unwrap(lines) })).filter(({ text }) => text !== '')
}

/** Joins the lines of a paragraph, so that a sentence can be quoted as it reads; list items keep their lines. */
function unwrap(lines: readonly string[]): string {
  const blocks: string[] = []
  let open = false
  for (const line of lines.map((line) => plain(line.trim()))) {
    const item = /^([-*+]|\d+[.)])\s/.test(line) || line.startsWith('|')
    if (line === '') open = false
    else if (open && !item) blocks.push(`${blocks.pop()} ${line}`)
    else blocks.push(line)
    if (line !== '') open = true
  }
  return blocks.join('\n')
}

function plain(line: string): string {
  return line.replace(/\[([^\]]+)\]\([^)]*\)/g, '$1').replace(/(\*\*|__|`)/g, '')
}

function cut(text: string): string[] {
  const pieces: string[] = []
  for (const block of text.split('\n')) {
    const last = pieces.at(-1)
    if (last !== undefined && last.length + block.length < longest) pieces[pieces.length - 1] = `${last}\n${block}`
    else for (let at = 0; at < block.length; at += longest) pieces.push(block.slice(at, at + longest))
  }
  return pieces
}
