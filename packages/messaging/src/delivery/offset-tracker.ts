import { decodeOffsetMap, encodeOffsetMap } from './offset-map.ts'

export interface OffsetSnapshot {
  /** The low watermark: every offset below it is done. */
  offset: number
  /** The offsets above it that are done, for whoever reads on from here. */
  metadata: string
}

/**
 * What is done in one partition. Offsets are tracked in ascending order and completed in any. An offset that was never tracked, because
 * the log has a gap there, counts as done as soon as a later one is tracked. With each offset that is not done stands what its owner gave.
 */
export class OffsetTracker<T> {
  /** What the group had committed; null when it never did. */
  readonly #start: number | null
  /** Offsets that the committed map names incomplete, which have not come yet; ascending. */
  readonly #expected: Set<number>
  /** Ascending, because that is how they are tracked. */
  readonly #incomplete = new Map<number, T>()
  #highestDone: number
  #highestSeen = -1
  /** Everything in the log below it was tracked, or is no record. */
  #passed = -1
  #changes = 0

  constructor(committed: OffsetSnapshot | null) {
    const map = committed === null ? null : decodeOffsetMap(committed.offset, committed.metadata)
    this.#start = committed?.offset ?? null
    this.#expected = new Set(map?.incomplete)
    this.#highestDone = map?.highestDone ?? (this.#start ?? 0) - 1
  }

  /** @returns whether the record is new: neither done nor tracked already. */
  track(offset: number, item: T): boolean {
    if (this.#highestSeen === -1 && offset < (this.#start ?? Infinity)) this.#restart(offset)
    this.#dropExpectedBelow(offset)
    this.#highestSeen = Math.max(this.#highestSeen, offset)
    if (this.#incomplete.has(offset)) return false
    if (offset <= this.#highestDone && !this.#expected.has(offset)) return false
    this.#expected.delete(offset)
    this.#incomplete.set(offset, item)
    return true
  }

  /** All records below `position` have come; what lies between the last of them and `position` is a gap. */
  pass(position: number): void {
    this.#dropExpectedBelow(position)
    if (position <= this.#passed) return
    const before = this.watermark()
    this.#passed = position
    if (this.watermark() !== before) this.#changes++
  }

  complete(offset: number): void {
    if (!this.#incomplete.delete(offset)) return
    this.#highestDone = Math.max(this.#highestDone, offset)
    this.#changes++
  }

  /** The offset to commit, or null while nothing is known of the partition. */
  watermark(): number | null {
    if (this.#start === null && this.#highestSeen === -1 && this.#passed === -1) return null
    const [tracked = Infinity] = this.#incomplete.keys()
    const [awaited = Infinity] = this.#expected
    const lowest = Math.min(tracked, awaited)
    return lowest === Infinity ? Math.max(this.#highestDone + 1, this.#passed) : lowest
  }

  snapshot(): OffsetSnapshot | null {
    const offset = this.watermark()
    if (offset === null) return null
    const incomplete = [...this.#expected, ...this.#incomplete.keys()].sort((a, b) => a - b)
    return { offset, metadata: encodeOffsetMap(offset, { highestDone: this.#highestDone, incomplete }) }
  }

  /** Moves whenever a snapshot would show more done than before. */
  version(): number {
    return this.#changes
  }

  /** How many are tracked and not done. */
  incomplete(): number {
    return this.#incomplete.size
  }

  /** What was given with the lowest incomplete offset; undefined where there is none, or it has not come yet. */
  oldest(): T | undefined {
    const [first] = this.#incomplete
    const [awaited = Infinity] = this.#expected
    return first === undefined || first[0] > awaited ? undefined : first[1]
  }

  /** -1 while there is none. */
  highestSeen(): number {
    return this.#highestSeen
  }

  highestDone(): number {
    return this.#highestDone
  }

  /** The log no longer has what was committed, or nothing was: it is read from where it starts. */
  #restart(offset: number): void {
    this.#expected.clear()
    this.#highestDone = offset - 1
    this.#passed = -1
  }

  /** Offsets come in order, so those that a later one has overtaken are no longer in the log. */
  #dropExpectedBelow(offset: number): void {
    for (const awaited of this.#expected) {
      if (awaited >= offset) return
      this.#expected.delete(awaited)
      this.#changes++
    }
  }
}
