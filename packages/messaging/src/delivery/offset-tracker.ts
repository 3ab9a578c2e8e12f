import { decodeOffsetMap, encodeOffsetMap } from './offset-map.ts'

export interface OffsetSnapshot {
  /** The low watermark: every offset below it is done. */
  offset: number
  /** The offsets above it that are done, for whoever reads on from here. */
  metadata: string
}

/**
 * What is done in one partition. Offsets are tracked in ascending order and completed in any. An offset that was never tracked, because
 * the log has a gap there, counts as done as soon as a later one is tracked.
 */
export interface OffsetTracker {
  /** @returns whether the record is new: neither done nor tracked already. */
  track(offset: number, now: number): boolean
  complete(offset: number): void
  /** The offset to commit, or null while nothing is known of the partition. */
  watermark(): number | null
  snapshot(): OffsetSnapshot | null
  /** Moves whenever a snapshot would show more done than before. */
  version(): number
  /** Tracked and not done. */
  incomplete(): number
  /** When the lowest incomplete offset was tracked. */
  oldestIncompleteAt(): number | null
  /** -1 while there is none. */
  highestSeen(): number
  highestDone(): number
}

export function createOffsetTracker(committed: { offset: number; metadata: string } | null): OffsetTracker {
  const start = committed?.offset ?? null
  const map = committed === null ? null : decodeOffsetMap(committed.offset, committed.metadata)
  /** Offsets the map names incomplete, which have not come yet. */
  const expected = new Set(map?.incomplete)
  /** Offset to the time it was tracked; ascending, because that is how they are tracked. */
  const incomplete = new Map<number, number>()
  let known = start !== null
  let highestDone = map?.highestDone ?? (start ?? 0) - 1
  let highestSeen = -1
  let changes = 0

  function watermark(): number | null {
    if (!known) return null
    const [tracked] = incomplete.keys()
    const [awaited] = expected
    const lowest = Math.min(tracked ?? Infinity, awaited ?? Infinity)
    return lowest === Infinity ? highestDone + 1 : lowest
  }

  /** The log no longer has what was committed: it was cut or made anew, and is read from where it starts. */
  function restart(offset: number): void {
    expected.clear()
    highestDone = offset - 1
  }

  function dropExpectedBelow(offset: number): void {
    for (const awaited of expected) {
      if (awaited >= offset) return
      expected.delete(awaited)
      changes++
    }
  }

  return {
    track(offset, now) {
      const first = highestSeen === -1
      if (first && (start === null || offset < start)) restart(offset)
      dropExpectedBelow(offset)
      known = true
      highestSeen = Math.max(highestSeen, offset)
      if (incomplete.has(offset)) return false
      if (offset <= highestDone && !expected.has(offset)) return false
      expected.delete(offset)
      incomplete.set(offset, now)
      return true
    },
    complete(offset) {
      if (!incomplete.delete(offset)) return
      highestDone = Math.max(highestDone, offset)
      changes++
    },
    watermark,
    snapshot() {
      const offset = watermark()
      if (offset === null) return null
      const open = [...expected, ...incomplete.keys()].sort((a, b) => a - b)
      return { offset, metadata: encodeOffsetMap(offset, { highestDone, incomplete: open }) }
    },
    version: () => changes,
    incomplete: () => incomplete.size,
    oldestIncompleteAt: () => incomplete.values().next().value ?? null,
    highestSeen: () => highestSeen,
    highestDone: () => highestDone,
  }
}
