/** The records in memory, and the journal that makes every change durable before it is answered. */
import { closeSync, existsSync, fsyncSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Collection, Records, Stored } from './records.ts'

/** A write that was done: what it answered, and the records as they are since. */
export interface Operation {
  key: string
  /** Hash over method, path and arguments. */
  fingerprint: string
  at: string
  /** The body of the answer. */
  result: Record<string, unknown>
  /** Version of the record that the write was aimed at. */
  version: string
  writes: Stored[]
}

export interface Ledger {
  get<C extends Collection>(collection: C, id: string): Records[C] | undefined
  all<C extends Collection>(collection: C): Records[C][]
  operation(key: string): Operation | undefined
  /** Returns only when the operation is on disk. @throws when it could not be written; then nothing has changed. */
  commit(operation: Operation): void
  close(): void
}

/** @param dataDir folder of the journal; null keeps everything in memory. */
export function openLedger(seed: readonly Stored[], dataDir: string | null): Ledger {
  const records = new Map<string, Stored['record']>()
  const operations = new Map<string, Operation>()
  const put = ({ collection, record }: Stored) => records.set(`${collection}/${record.id}`, record)
  const apply = (operation: Operation) => {
    operation.writes.forEach(put)
    operations.set(operation.key, operation)
  }

  seed.forEach(put)
  const journal = dataDir === null ? null : openJournal(join(dataDir, 'journal.jsonl'))
  journal?.read().forEach(apply)

  return {
    get: (collection, id) => records.get(`${collection}/${id}`) as never,
    all: (collection) => [...records].flatMap(([path, record]) => (path.startsWith(`${collection}/`) ? [record as never] : [])),
    operation: (key) => operations.get(key),
    commit(operation) {
      journal?.append(operation)
      apply(operation)
    },
    close: () => journal?.close(),
  }
}

/** One JSON line for each operation. A torn last line was never answered, so it is cut off. */
function openJournal(path: string) {
  mkdirSync(dirname(path), { recursive: true })
  const fresh = !existsSync(path)
  const file = openSync(path, 'a+')
  if (fresh) syncFolder(dirname(path))
  let length = 0

  return {
    read(): Operation[] {
      const bytes = readFileSync(path)
      length = bytes.lastIndexOf(10) + 1
      if (length < bytes.length) ftruncateSync(file, length)
      const lines = bytes.subarray(0, length).toString('utf8').split('\n').slice(0, -1)
      return lines.map((line, at) => parse(line, at + 1))
    },
    append(operation: Operation): void {
      const bytes = Buffer.from(`${JSON.stringify(operation)}\n`)
      try {
        for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written)
        fsyncSync(file)
        length += bytes.length
      } catch (error) {
        // Half a line before the next one would make both unreadable.
        ftruncateSync(file, length)
        throw error
      }
    },
    close: () => closeSync(file),
  }

  function parse(line: string, number: number): Operation {
    try {
      return JSON.parse(line) as Operation
    } catch (cause) {
      throw new Error(`${path}, line ${number} is no JSON: the journal is damaged`, { cause })
    }
  }
}

/** A new file is durable only when its folder's entry is. */
function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
