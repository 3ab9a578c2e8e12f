/** The practice's records behind one door: reads, and writes that are done once for each key and are on disk before they are answered. */
import { createHash } from 'node:crypto'
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { seed, type Row, type Table } from './records.ts'
import { apply, targetOf, type Find, type WriteAsk } from './writes.ts'

export interface Answer {
  status: number
  body: object
  version?: number
}

export interface DeskWrite extends Pick<WriteAsk, 'name' | 'id' | 'args'> {
  key: string
  /** The version that the caller saw; null when it does not matter to them. */
  ifMatch: string | null
}

export interface Desk {
  read(table: string, id: string): Answer
  write(ask: DeskWrite): Answer
  operation(key: string): Answer
}

interface Operation {
  key: string
  fingerprint: string
  rows: Row[]
  answer: Answer
}

const refuse = (status: number, error: string, message: string): Answer => ({ status, body: { error, message } })

export function openDesk({ now, dataDir }: { now: () => number; dataDir?: string | undefined }): Desk {
  const records = new Map<string, Row['record']>()
  const operations = new Map<string, Operation>()
  const file = dataDir === undefined ? null : join(dataDir, 'operations.jsonl')
  const keep = ({ table, record }: Row) => void records.set(`${table}/${record.id}`, record)
  const remember = (operation: Operation) => {
    operation.rows.forEach(keep)
    operations.set(operation.key, operation)
  }

  seed(now()).forEach(keep)
  if (file !== null) readJournal(file).forEach(remember)
  const find = ((table: Table, id: string) => records.get(`${table}/${id}`)) as Find

  return {
    read(table, id) {
      const record = records.get(`${table}/${id}`)
      return record === undefined
        ? refuse(404, 'not_found', 'There is no such record.')
        : { status: 200, body: record, version: record.version }
    },
    operation: (key) => operations.get(key)?.answer ?? refuse(404, 'not_found', 'Nothing was done under this key.'),
    write({ key, ifMatch, ...asked }) {
      const ask = { ...asked, now: now(), find }
      const fingerprint = createHash('sha256')
        .update(JSON.stringify([ask.name, ask.id, Object.entries(ask.args).sort(([a], [b]) => (a < b ? -1 : 1))]))
        .digest('hex')
      const before = operations.get(key)
      if (before !== undefined)
        return before.fingerprint === fingerprint
          ? before.answer
          : refuse(409, 'key_reused', 'This key was used for another write.')
      const target = targetOf(ask)
      if (target === undefined) return refuse(404, 'not_found', 'There is no such record.')
      if (ifMatch !== null && ifMatch !== String(target.version))
        return { ...refuse(412, 'changed', 'The record has changed since.'), version: target.version }
      const written = apply(ask)
      if ('refused' in written) return refuse(422, written.refused, written.message)
      const version = target.version + 1
      const operation = {
        key,
        fingerprint,
        rows: written.rows,
        answer: { status: 200, body: { message: written.message }, version },
      }
      if (file !== null) appendFileSync(file, `${JSON.stringify(operation)}\n`, { flush: true })
      remember(operation)
      return operation.answer
    },
  }
}

/** Every line that was written to its end. */
function readJournal(file: string): Operation[] {
  mkdirSync(join(file, '..'), { recursive: true })
  if (!existsSync(file)) return []
  const text = readFileSync(file, 'utf8')
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  return whole
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Operation)
}
