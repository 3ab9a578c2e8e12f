/** What a commit's metadata says about the offsets above the committed one. */
export interface OffsetMap {
  /** Every offset up to this one that is not in `incomplete` is done. */
  highestDone: number
  /** In ascending order. */
  incomplete: number[]
}

/** Tells our metadata, in this form, from any other. */
const prefix = 'done1:'
const maxLength = 4_096
/** Of run lengths: base64 makes four characters of three bytes. */
const maxBytes = Math.floor((maxLength - prefix.length) / 4) * 3
const maxIncomplete = 10_000

/**
 * Run lengths from `from` to `highestDone`, incomplete and done by turns, as base64. Empty when there is nothing to say. Where there is more to say
 * than fits, it ends early: what is done behind that end is done again.
 */
export function encodeOffsetMap(from: number, map: OffsetMap): string {
  const bytes: number[] = []
  let whole = 0
  for (const [index, run] of runLengths(from, map).entries()) {
    bytes.push(...varint(run))
    if (bytes.length > maxBytes) break
    const endsDone = index % 2 === 1
    if (endsDone) whole = bytes.length
  }
  return whole === 0 ? '' : prefix + Buffer.from(bytes.slice(0, whole)).toString('base64')
}

function runLengths(from: number, { highestDone, incomplete }: OffsetMap): number[] {
  const runs: number[] = []
  let run = 0
  let next = from
  for (const offset of incomplete) {
    if (offset > highestDone) break
    if (offset > next) {
      runs.push(run, offset - next)
      run = 0
    }
    run++
    next = offset + 1
  }
  runs.push(run)
  if (highestDone >= next) runs.push(highestDone + 1 - next)
  return runs
}

/** @returns null for metadata of another origin, which is simply ignored: the offsets are read again. */
export function decodeOffsetMap(from: number, metadata: string): OffsetMap | null {
  if (!metadata.startsWith(prefix)) return null
  const runs = readVarints(Buffer.from(metadata.slice(prefix.length), 'base64'))
  if (runs === null || runs.length === 0) return null
  const incomplete: number[] = []
  let at = from
  for (const [index, run] of runs.entries()) {
    if (index % 2 === 0) {
      if (incomplete.length + run > maxIncomplete) return null
      for (let i = 0; i < run; i++) incomplete.push(at + i)
    }
    at += run
  }
  return { highestDone: at - 1, incomplete }
}

function varint(value: number): number[] {
  const bytes: number[] = []
  for (; value > 0x7f; value = Math.floor(value / 128)) bytes.push((value % 128) | 0x80)
  return [...bytes, value]
}

function readVarints(bytes: Buffer): number[] | null {
  const values: number[] = []
  let value = 0
  let factor = 1
  for (const byte of bytes) {
    value += (byte & 0x7f) * factor
    factor *= 128
    if (!Number.isSafeInteger(value)) return null
    if (byte & 0x80) continue
    values.push(value)
    value = 0
    factor = 1
  }
  return factor === 1 ? values : null
}
