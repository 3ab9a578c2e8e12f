import { Fault, systemClock, type Clock } from '@concord/contracts'
import { createRows, withEntries, type Rows } from './memory-rows.ts'
import { checkScores, stateLost, type PutOptions, type PutResult, type Store, type Stored, type Under } from './store.ts'

export interface MemoryStoreOptions {
  clock?: Clock
  /** How far back `rewind` can go: what was overwritten is kept for so long. Milliseconds; 0, the default, keeps nothing. */
  rewindableMs?: number
}

/** A store inside the process, with the faults that tests ask for. */
export interface MemoryStore extends Store {
  /** All is gone, in the same run: as after FLUSHALL. */
  wipe(): void
  /** Starts again, in a new run, with everything that it had: as a server that wrote all to its disk. */
  restart(): void
  /** Starts again, in a new run, without what was written in the last `ms`. @throws Fault `invalid_input` beyond `rewindableMs`. */
  rewind(ms: number): void
  /** While false, calls reject with `store_unavailable`. */
  setAvailable(available: boolean): void
}

/** The embedded default, and the reference that the Redis adapter is compared with. */
export function createMemoryStore({ clock = systemClock, rewindableMs = 0 }: MemoryStoreOptions = {}): MemoryStore {
  const rows = createRows(clock, rewindableMs)
  const sentinels = new Map<string, string>()
  let state: 'open' | 'away' | 'closed' = 'open'

  const isUnder = ({ sentinel, value }: Under): boolean => sentinels.get(sentinel) === value

  /** Runs one whole step without a break, so that steps of concurrent callers never mix. */
  const step = async <T>(run: () => T): Promise<T> => {
    if (state !== 'open') {
      throw new Fault('store_unavailable', `the store ${state === 'away' ? 'does not answer' : 'is closed'}.`, {
        retryable: true,
      })
    }
    return run()
  }

  return {
    get: (key) => step(() => snapshot(rows.live(key))),
    put: (key, value, options) =>
      step(() => {
        if (options.under !== undefined && !isUnder(options.under)) throw stateLost(options.under.sentinel)
        return put(rows, clock, key, value, options)
      }),
    delete: (key, { ifVersion } = {}) =>
      step(() => {
        const row = rows.live(key)
        if (row === undefined || (ifVersion !== undefined && row.version !== ifVersion)) return false
        rows.remove(key)
        return true
      }),
    range: (index, { upTo = Infinity, limit }) => step(() => rows.range(index, upTo, limit)),
    sentinel: (name) => step(() => sentinels.get(name) ?? null),
    setSentinel: (name, value, { if: standing }) =>
      step(() => {
        if ((sentinels.get(name) ?? null) !== standing) return false
        if (value === null) sentinels.delete(name)
        else sentinels.set(name, value)
        return true
      }),
    ping: () => step(() => undefined),
    close: async () => void (state = 'closed'),
    wipe() {
      rows.clear()
      sentinels.clear()
    },
    restart: () => sentinels.clear(),
    rewind(ms) {
      if (ms > rewindableMs) {
        throw new Fault('invalid_input', `the store can go back ${rewindableMs} ms, not ${ms}.`, { mend: 'Raise rewindableMs.' })
      }
      rows.backTo(clock.now() - ms)
      sentinels.clear()
    },
    setAvailable(available) {
      if (state !== 'closed') state = available ? 'open' : 'away'
    },
  }
}

function put(rows: Rows, clock: Clock, key: string, value: string, { ifVersion, ttlMs, index = [] }: PutOptions): PutResult {
  checkScores(index)
  const standing = rows.live(key)
  if (ifVersion !== 'any' && (standing?.version ?? 0) !== ifVersion) return { ok: false, current: snapshot(standing) }
  const version = (standing?.version ?? 0) + 1
  const expiresAt = ttlMs === undefined ? Infinity : clock.now() + ttlMs
  rows.set(key, { value, version, expiresAt, scores: withEntries(standing?.scores ?? new Map(), index) })
  return { ok: true, version }
}

function snapshot(row: Stored | undefined): Stored | null {
  return row === undefined ? null : { value: row.value, version: row.version }
}
