/** The record that a demo leaves, so that `trace` can explain its requests afterwards. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { root } from '../settings.ts'
import type { LogEntry } from './entry.ts'

const file = join(root, '.concord', 'last-demo.jsonl')

export async function writeRecord(entries: readonly LogEntry[]): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''))
}

/** @returns null when no demo has run here. */
export async function readRecord(): Promise<LogEntry[] | null> {
  try {
    const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '')
    return lines.map((line) => JSON.parse(line) as LogEntry)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}
