import { caseStoreKey, dueIndex, outboxIndex } from '../keys.ts'
import { unpackRecord, type PackedRecord } from '../packed-record.ts'
import type { Shell } from '../shell.ts'
import { isPublished, readCase, type CaseRecord } from './case-record.ts'
import type { Process } from './define-process.ts'

/** Which case, and the partition that it lives in. */
export interface CaseAt {
  key: string
  partition: number
}

/** A case with the version of its key in the store. */
export interface Held<State> {
  record: CaseRecord<State>
  stored: number
}

/** Cases as they stand, and the publication of what they have to say. */
export interface CaseStore<State> {
  load(key: string): Promise<Held<State> | null>
  /** State, seen ids, deadline and outbox in one atomic step. @returns the case, or null where another writer was first. */
  write(at: CaseAt, record: CaseRecord<State>, ifVersion: number): Promise<Held<State> | null>
  /** History first, then the rest, then the note that it is out. @returns the case, or null where another writer was first. */
  publish(at: CaseAt, held: Held<State>): Promise<Held<State> | null>
  /** The case with nothing left to publish: whoever loads one with a full outbox publishes that first. */
  settled(at: CaseAt): Promise<Held<State> | null>
}

export function createCaseStore<State, Event>(shell: Shell, process: Process<State, Event>): CaseStore<State> {
  const { store, clock, metrics } = shell.deps

  async function load(key: string): Promise<Held<State> | null> {
    const stored = await store.get(caseStoreKey(process.name, key))
    return stored && { record: readCase<State>(key, stored.value), stored: stored.version }
  }

  async function write({ key }: CaseAt, record: CaseRecord<State>, ifVersion: number): Promise<Held<State> | null> {
    const { partition } = record
    const index = [
      { index: dueIndex(process.name, partition), score: record.dueAt },
      { index: outboxIndex(process.name, partition), score: isPublished(record) ? null : clock.now() },
      ...(process.indexes?.(record.state) ?? []),
    ]
    const kept = process.closed === undefined || process.closed(record.state) ? { ttlMs: shell.config.horizonMs } : {}
    const put = await store.put(caseStoreKey(process.name, key), JSON.stringify(record), { ifVersion, index, ...kept })
    if (!put.ok) metrics.conflicts.inc()
    return put.ok ? { record, stored: put.version } : null
  }

  async function send(records: readonly PackedRecord[]): Promise<void> {
    await shell.sender.send(records.map(unpackRecord))
    for (const { topic } of records) metrics.published.inc({ topic })
  }

  async function publish(at: CaseAt, held: Held<State>): Promise<Held<State> | null> {
    const { record, stored } = held
    if (isPublished(record)) return held
    await send(record.journal)
    await send(record.outbox)
    return write(at, { ...record, journal: [], outbox: [] }, stored)
  }

  async function settled(at: CaseAt): Promise<Held<State> | null> {
    for (;;) {
      const held = await load(at.key)
      const published = held && (await publish(at, held))
      if (held === null || published !== null) return published
    }
  }

  return { load, write, publish, settled }
}
