import { Fault, systemClock, type Clock } from '@concord/contracts'
import type { IndexEntry, PutOptions, PutResult, Ranked, Store, Stored } from './store.ts'
import { checkScores } from './store.ts'

interface Row extends Stored {
  /** Milliseconds since the epoch; Infinity for a key that stays. */
  expiresAt: number
  scores: Map<string, number>
}

/** Expired keys that nobody reads again are swept once in this many puts. */
const SWEEP_EVERY = 1024

/** The store in this process: the embedded default, and the reference that the Redis adapter is compared with. */
export function createMemoryStore({ clock = systemClock }: { clock?: Clock } = {}): Store {
  const rows = new Map<string, Row>()
  const indexes = new Map<string, Map<string, number>>()
  let puts = 0
  let closed = false

  const remove = (key: string, row: Row): void => {
    rows.delete(key)
    for (const index of row.scores.keys()) leaveIndex(indexes, index, key)
  }

  const live = (key: string): Row | undefined => {
    const row = rows.get(key)
    if (row === undefined || row.expiresAt > clock.now()) return row
    remove(key, row)
    return undefined
  }

  const sweep = (): void => {
    for (const key of rows.keys()) live(key)
  }

  const put = (key: string, value: string, { ifVersion, ttlMs, index = [] }: PutOptions): PutResult => {
    checkScores(index)
    const standing = live(key)
    if (ifVersion !== 'any' && (standing?.version ?? 0) !== ifVersion) return { ok: false, current: snapshot(standing) }
    const row: Row = {
      value,
      version: (standing?.version ?? 0) + 1,
      expiresAt: ttlMs === undefined ? Infinity : clock.now() + ttlMs,
      scores: standing?.scores ?? new Map<string, number>(),
    }
    rows.set(key, row)
    applyEntries(indexes, key, row, index)
    if (++puts % SWEEP_EVERY === 0) sweep()
    return { ok: true, version: row.version }
  }

  const range = (index: string, upTo: number, limit: number): Ranked[] =>
    [...(indexes.get(index) ?? [])]
      .filter(([key, score]) => score <= upTo && live(key) !== undefined)
      .map(([key, score]) => ({ key, score }))
      .sort((a, b) => a.score - b.score || Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)))
      .slice(0, Math.max(0, limit))

  /** Runs one whole step without a break, so that steps of concurrent callers never mix. */
  const step = async <T>(run: () => T): Promise<T> => {
    if (closed) throw new Fault('store_unavailable', 'the store is closed', { retryable: true })
    return run()
  }

  return {
    get: (key) => step(() => snapshot(live(key))),
    put: (key, value, options) => step(() => put(key, value, options)),
    delete: (key, { ifVersion } = {}) =>
      step(() => {
        const row = live(key)
        if (row === undefined || (ifVersion !== undefined && row.version !== ifVersion)) return false
        remove(key, row)
        return true
      }),
    range: (index, { upTo = Infinity, limit }) => step(() => range(index, upTo, limit)),
    ping: () => step(() => undefined),
    close: async () => void (closed = true),
  }
}

function snapshot(row: Row | undefined): Stored | null {
  return row === undefined ? null : { value: row.value, version: row.version }
}

function applyEntries(indexes: Map<string, Map<string, number>>, key: string, row: Row, entries: IndexEntry[]): void {
  for (const { index, score } of entries) {
    if (score === null) {
      row.scores.delete(index)
      leaveIndex(indexes, index, key)
    } else {
      row.scores.set(index, score)
      const members = indexes.get(index) ?? new Map<string, number>()
      indexes.set(index, members.set(key, score))
    }
  }
}

function leaveIndex(indexes: Map<string, Map<string, number>>, index: string, key: string): void {
  const members = indexes.get(index)
  members?.delete(key)
  if (members?.size === 0) indexes.delete(index)
}
