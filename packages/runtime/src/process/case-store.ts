import { caseStoreKey } from '../keys.ts'
import { unpackRecord, type PackedRecord } from '../packed-record.ts'
import type { Shell } from '../shell.ts'
import { casePut } from './case-put.ts'
import { brokenCase, isPublished, readCase, writeCase, type CaseRecord } from './case-record.ts'
import type { Process } from './define-process.ts'
import type { Keeper } from './keeper.ts'
import type { Guard } from './sentinel.ts'

/** Which case, and the partition that it is met in. */
export interface CaseAt {
  key: string
  partition: number
}

/** A case, or its absence, with the version of its key in the store, and what it was seen under. */
export interface Held<State> {
  record: CaseRecord<State> | null
  stored: number
  guard: Guard
}

/** Cases as they stand, and the publication of what they have to say. Rejects with `state_lost` once what was seen may not be all. */
export interface CaseStore<State> {
  load(at: CaseAt): Promise<Held<State>>
  /** State, seen ids, deadline and outbox in one atomic step. @returns the case, or null where another writer was first. */
  write(key: string, record: CaseRecord<State>, held: Held<State>): Promise<Held<State> | null>
  /** History first, then the rest, then the note that it is out. @returns the case, or null where another writer was first. */
  publish(key: string, held: Held<State>): Promise<Held<State> | null>
  /** The case with nothing left to publish: whoever loads one with a full outbox publishes that first. */
  settled(at: CaseAt): Promise<Held<State>>
}

export function createCaseStore<State, Event>(shell: Shell, process: Process<State, Event>, keeper: Keeper): CaseStore<State> {
  const { store, clock, metrics } = shell.deps

  /** The guard is older than what is read under it: only so does its standing say something about that. */
  async function loadUnder(key: string, guard: Guard): Promise<Held<State>> {
    for (let mended = false; ; mended = true) {
      const stored = await store.get(caseStoreKey(process.name, key))
      if (stored === null) return { record: null, stored: 0, guard }
      const read = readCase<State>(stored.value, process.stateVersion)
      if (read.kind === 'case') return { record: read.record, stored: stored.version, guard }
      if (read.kind === 'broken') throw brokenCase(key, read.reason)
      if (read.unheard) return { record: null, stored: stored.version, guard }
      if (mended) throw brokenCase(key, 'its value is none of ours, and it has no history.')
      await keeper.rebuildCase(key, guard)
    }
  }

  /** A case may live in another partition: an id that came in two conversations, or by two partitioners. */
  async function load({ key, partition }: CaseAt): Promise<Held<State>> {
    for (let guard = keeper.guard(partition); ;) {
      const held = await loadUnder(key, guard)
      const home = held.record?.partition ?? partition
      if (home === guard.partition) return held
      guard = home === partition ? keeper.guard(home) : await keeper.foreign(home)
    }
  }

  async function write(key: string, record: CaseRecord<State>, { stored, guard }: Held<State>): Promise<Held<State> | null> {
    const beside = casePut(process, record, { filledAt: clock.now(), keptMs: shell.config.horizonMs })
    const options = { ...beside, ifVersion: stored, under: guard.under }
    const put = await store.put(caseStoreKey(process.name, key), writeCase(record, process.stateVersion), options)
    if (!put.ok) metrics.conflicts.inc()
    return put.ok ? { record, stored: put.version, guard } : null
  }

  async function send(records: readonly PackedRecord[]): Promise<void> {
    await shell.sender.send(records.map(unpackRecord))
    for (const { topic } of records) metrics.published.inc({ topic })
  }

  async function publish(key: string, held: Held<State>): Promise<Held<State> | null> {
    const { record, guard } = held
    if (record === null || isPublished(record)) return held
    await send(record.journal)
    // Whoever rebuilds from now on reads that history. Whoever did so before may have read less, and decide otherwise.
    if (record.journal.length > 0 && record.outbox.length > 0) await keeper.stands(guard)
    await send(record.outbox)
    return write(key, { ...record, journal: [], outbox: [] }, held)
  }

  async function settled(at: CaseAt): Promise<Held<State>> {
    for (;;) {
      const published = await publish(at.key, await load(at))
      if (published !== null) return published
    }
  }

  return { load, write, publish, settled }
}
