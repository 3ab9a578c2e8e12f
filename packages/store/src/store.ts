/** The store port. Adapters: `memory.ts` and `redis.ts`. Both pass `testStore`. */

import { Fault } from '@concord/contracts'

export interface Stored {
  value: string
  /** 1 for the first write, then one more with each. */
  version: number
}

export interface IndexEntry {
  /** The ordered index, for example `due/coordinator/3`. */
  index: string
  /** Finite. The entry is kept under the key that is put; null takes it out; an index that is not named keeps what it has. */
  score: number | null
}

/** The state of the store that a write belongs to: while it is gone, or another has taken its place, the write is refused. */
export interface Under {
  sentinel: string
  value: string
}

export interface PutOptions {
  /** The version that must stand: 0 means that the key must not exist; `any` writes over whatever is there. */
  ifVersion: number | 'any'
  /** Milliseconds until key and index entries may go; without it the key stays. */
  ttlMs?: number
  index?: IndexEntry[]
  /** Checked in the same atomic step. A put whose sentinel does not stand so rejects with `state_lost`, and writes nothing. */
  under?: Under
}

/** A refused put carries what stands instead, so that the caller need not read again. */
export type PutResult = { ok: true; version: number } | { ok: false; current: Stored | null }

export interface Ranked {
  key: string
  score: number
}

/**
 * Every call rejects with a retryable `store_unavailable` when the store does not answer. A write that was rejected so may have
 * happened: repeat it with the same `ifVersion`, and a refusal shows what stands.
 */
export interface Store {
  get(key: string): Promise<Stored | null>
  /** Writes value, version and index entries in one atomic step, or nothing. */
  put(key: string, value: string, options: PutOptions): Promise<PutResult>
  /** Removes the key; `range` no longer shows its entries. `indexes` frees them at once. Returns whether it was there. */
  delete(key: string, options?: { ifVersion?: number; indexes?: string[] }): Promise<boolean>
  /** Entries of an index by ascending score, at most `limit`; keys whose TTL has passed are left out. */
  range(index: string, options: { upTo?: number; limit: number }): Promise<Ranked[]>
  /**
   * The value of a sentinel that was set in this run of the store, else null. A run ends with the server's process: whatever it had in its
   * memory may be less than it has acknowledged, so no sentinel outlives it, not even one that was kept on disk.
   */
  sentinel(name: string): Promise<string | null>
  /** Sets a sentinel, or takes it away with null, if `if` is what `sentinel` would give now. @returns whether it was. */
  setSentinel(name: string, value: string | null, options: { if: string | null }): Promise<boolean>
  /** Resolves when the store answers. */
  ping(): Promise<void>
  close(): Promise<void>
}

/** Refuses a score that no index can order, before anything is written. */
export function checkScores(entries: IndexEntry[]): void {
  for (const { index, score } of entries) {
    if (score !== null && !Number.isFinite(score)) {
      throw new Fault('invalid_input', `the score for index ${index} is ${score}.`, { mend: 'Give a finite number.' })
    }
  }
}

/** A put whose sentinel is gone: what the store holds may be less than it did, until somebody has seen to it. */
export function stateLost(sentinel: string): Fault {
  return new Fault('state_lost', `the state that the sentinel ${sentinel} stands for has been lost or replaced.`, {
    retryable: true,
    mend: 'It is rebuilt from the topics; or run ./concord rebuild.',
  })
}
