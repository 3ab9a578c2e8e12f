import type { Clock } from '@concord/contracts'
import type { IndexEntry, Ranked, Stored } from './store.ts'

/** A key as the memory holds it. Rows are replaced, never changed. */
export interface Row extends Stored {
  /** Milliseconds since the epoch; Infinity for a key that stays. */
  expiresAt: number
  /** Its place in each index that it is in. */
  scores: ReadonlyMap<string, number>
}

/** Expired keys that nobody reads again are swept once in this many writes. */
const sweepEvery = 1_024

/** Keys with their index entries, and what they were before, for as long as they may have to go back. */
export interface Rows {
  live(key: string): Row | undefined
  set(key: string, row: Row): void
  remove(key: string): void
  range(index: string, upTo: number, limit: number): Ranked[]
  clear(): void
  /** Undoes every change since then. Milliseconds since the epoch. */
  backTo(time: number): void
}

/** @param keptMs how far `backTo` may go; nothing is kept for it where that is 0. */
export function createRows(clock: Clock, keptMs: number): Rows {
  const rows = new Map<string, Row>()
  const indexes = new Map<string, Map<string, number>>()
  const undone: { at: number; key: string; before: Row | undefined }[] = []
  let writes = 0

  function replace(key: string, row: Row | undefined): void {
    for (const index of rows.get(key)?.scores.keys() ?? []) leaveIndex(indexes, index, key)
    if (row === undefined) rows.delete(key)
    else rows.set(key, row)
    for (const [index, score] of row?.scores ?? []) enterIndex(indexes, index, key, score)
  }

  function change(key: string, row: Row | undefined): void {
    if (keptMs > 0) {
      const now = clock.now()
      undone.push({ at: now, key, before: rows.get(key) })
      while (undone[0] !== undefined && undone[0].at < now - keptMs) undone.shift()
    }
    replace(key, row)
  }

  function live(key: string): Row | undefined {
    const row = rows.get(key)
    if (row === undefined || row.expiresAt > clock.now()) return row
    replace(key, undefined)
    return undefined
  }

  return {
    live,
    set(key, row) {
      change(key, row)
      if (++writes % sweepEvery === 0) for (const one of rows.keys()) live(one)
    },
    remove: (key) => change(key, undefined),
    range: (index, upTo, limit) =>
      [...(indexes.get(index) ?? [])]
        .filter(([key, score]) => score <= upTo && live(key) !== undefined)
        .map(([key, score]) => ({ key, score }))
        .sort((a, b) => a.score - b.score || Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)))
        .slice(0, Math.max(0, limit)),
    clear() {
      for (const key of rows.keys()) change(key, undefined)
    },
    backTo(time) {
      for (let last = undone.at(-1); last !== undefined && last.at > time; last = undone.at(-1)) {
        undone.pop()
        replace(last.key, last.before)
      }
    },
  }
}

/** The scores of a row after these entries are applied. */
export function withEntries(scores: ReadonlyMap<string, number>, entries: readonly IndexEntry[]): ReadonlyMap<string, number> {
  const changed = new Map(scores)
  for (const { index, score } of entries) {
    if (score === null) changed.delete(index)
    else changed.set(index, score)
  }
  return changed
}

function enterIndex(indexes: Map<string, Map<string, number>>, index: string, key: string, score: number): void {
  const members = indexes.get(index) ?? new Map<string, number>()
  indexes.set(index, members.set(key, score))
}

function leaveIndex(indexes: Map<string, Map<string, number>>, index: string, key: string): void {
  const members = indexes.get(index)
  members?.delete(key)
  if (members?.size === 0) indexes.delete(index)
}
