/** Labelled messages from a file, and halves of them that share no message. */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { Fault, type Random } from '@concord/contracts'
import { normalForm } from '@concord/model'

export interface Utterance {
  text: string
  intent: string
  category?: string
}

/**
 * A `.jsonl` file of objects, or a `.csv` file with a header; both with `text` and `intent`, and `category` if there is one.
 * @throws Fault `not_found` or `invalid_input`, naming the file and the line.
 */
export async function readUtterances(path: string): Promise<Utterance[]> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new Fault('not_found', `${path} cannot be read.`, { mend: 'Name a file of labelled messages.', cause })
  })
  const rows = path.endsWith('.csv')
    ? csvObjects(text)
    : text.split('\n').map((line) => (line.trim() === '' ? null : jsonOf(line)))
  return rows.flatMap((row, n) => {
    if (row === null) return []
    const utterance = utteranceOf(row)
    if (utterance !== undefined) return [utterance]
    throw new Fault('invalid_input', `${path}, row ${n + 1} is no labelled message.`, { mend: 'Give it a text and an intent.' })
  })
}

function utteranceOf(row: unknown): Utterance | undefined {
  if (typeof row !== 'object' || row === null || !('text' in row) || !('intent' in row)) return undefined
  const { text, intent } = row
  if (typeof text !== 'string' || typeof intent !== 'string' || text === '' || intent === '') return undefined
  const category = 'category' in row && typeof row.category === 'string' ? row.category : undefined
  return category === undefined ? { text, intent } : { text, intent, category }
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

/** RFC 4180: quotes hold commas and line breaks, a doubled quote is one. */
function csvObjects(text: string): Record<string, string>[] {
  const rows: string[][] = [[]]
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain ?? '')
    if (end !== ',') rows.push([])
  }
  const [header = [], ...body] = rows.filter((row) => row.some((cell) => cell !== ''))
  return body.map((row) => Object.fromEntries(header.map((name, n) => [name, row[n] ?? ''])))
}

/** By a hash of what a classifier reads: copies that differ in case, signs or numbers only are on one side. */
export function halves(rows: readonly Utterance[]): [Utterance[], Utterance[]] {
  const side = ({ text }: Utterance) => (createHash('sha256').update(normalForm(text).join(' ')).digest()[0] ?? 0) % 2
  return [rows.filter((row) => side(row) === 0), rows.filter((row) => side(row) === 1)]
}

/** So many of each intent, drawn without putting back. */
export function draw(rows: readonly Utterance[], ofEach: number, random: Random): Utterance[] {
  const groups = Map.groupBy(rows, ({ intent }) => intent)
  return [...groups.values()].flatMap((group) => shuffled(group, random).slice(0, ofEach))
}

export function shuffled<T>(values: readonly T[], random: Random): T[] {
  return values
    .map((value) => ({ value, order: random() }))
    .toSorted((a, b) => a.order - b.order)
    .map(({ value }) => value)
}

export const asExamples = (rows: readonly Utterance[]) => rows.map(({ text, intent }) => ({ text, label: intent }))
