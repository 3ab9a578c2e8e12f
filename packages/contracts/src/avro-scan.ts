/**
 * Walks Avro bytes without building values, so that hostile bytes are refused before anything is allocated for them: avsc reads
 * past the end, follows any block count, and turns invalid UTF-8 into replacement characters without a word.
 */
import { isUtf8 } from 'node:buffer'
import type { AvroType } from './avro.ts'

/** Deeper nesting than any contract has; bounds a recursive writer's schema. */
const deepest = 64

/** @returns what is wrong with the bytes, naming the field, or null when they are exactly one value of the type. */
export function flawOf(type: AvroType, bytes: Buffer): string | null {
  const cursor: Cursor = { bytes, at: 0, path: [] }
  try {
    skip(type, cursor)
  } catch (error) {
    if (error instanceof Flaw) return error.message
    throw error
  }
  return cursor.at === bytes.length ? null : `${bytes.length - cursor.at} bytes are left over after the value`
}

interface Cursor {
  bytes: Buffer
  at: number
  /** Where we are: field names, and `[]` or `[…]` for members of arrays and maps. */
  path: string[]
}

/** What we read of avsc's types. */
interface Shape {
  typeName: string
  fields?: readonly { name: string; type: Shape }[]
  itemsType?: Shape
  valuesType?: Shape
  types?: readonly Shape[]
  symbols?: readonly string[]
  size?: number
}

class Flaw extends Error {}

function flaw(cursor: Cursor, before: string, after: string): Flaw {
  const path = cursor.path.join('.').replaceAll('.[', '[') || 'the value'
  return new Flaw(`${before}${path}${after}`)
}

function skip(type: Shape, cursor: Cursor): void {
  switch (type.typeName) {
    case 'null':
      return
    case 'boolean':
      if ((cursor.bytes[cursor.at] ?? 0) > 1) throw flaw(cursor, '', ' is no boolean')
      return advance(cursor, 1)
    case 'int':
    case 'long':
      return void readLong(cursor)
    case 'float':
      return advance(cursor, 4)
    case 'double':
      return advance(cursor, 8)
    case 'bytes':
      return advance(cursor, readLong(cursor))
    case 'string':
      return skipString(cursor)
    case 'fixed':
      return advance(cursor, type.size ?? 0)
    case 'enum':
      return void pick(type.symbols ?? [], cursor)
    case 'record':
      for (const field of type.fields ?? []) within(cursor, field.name, field.type)
      return
    case 'array':
      return skipBlocks(cursor, () => type.itemsType && within(cursor, '[]', type.itemsType))
    case 'map':
      return skipBlocks(cursor, () => {
        skipString(cursor)
        if (type.valuesType) within(cursor, '[…]', type.valuesType)
      })
    case 'union:unwrapped':
    case 'union:wrapped':
      return skip(pick(type.types ?? [], cursor), cursor)
    default:
      throw flaw(cursor, '', ` has the unknown Avro type ${type.typeName}`)
  }
}

function within(cursor: Cursor, part: string, type: Shape): void {
  if (cursor.path.length === deepest) throw flaw(cursor, '', ' is nested too deeply')
  cursor.path.push(part)
  skip(type, cursor)
  cursor.path.pop()
}

function skipBlocks(cursor: Cursor, item: () => void): void {
  for (;;) {
    const count = readLong(cursor)
    if (count === 0) return
    if (count < 0) readLong(cursor)
    // No item of ours is empty, so more items than bytes cannot be.
    if (Math.abs(count) > cursor.bytes.length - cursor.at) throw flaw(cursor, '', ' announces more items than there are bytes')
    for (let n = Math.abs(count); n > 0; n--) item()
  }
}

function skipString(cursor: Cursor): void {
  const length = readLong(cursor)
  const start = cursor.at
  advance(cursor, length)
  if (!isUtf8(cursor.bytes.subarray(start, cursor.at))) throw flaw(cursor, '', ' is not valid UTF-8')
}

function pick<T>(choices: readonly T[], cursor: Cursor): T {
  const chosen = choices[readLong(cursor)]
  if (chosen === undefined) throw flaw(cursor, '', ' has an unknown branch')
  return chosen
}

function advance(cursor: Cursor, length: number): void {
  if (length < 0) throw flaw(cursor, '', ' has a negative length')
  if (cursor.at + length > cursor.bytes.length) throw flaw(cursor, 'the bytes end within ', '')
  cursor.at += length
}

/** Zig-zag variable-length integer of at most ten bytes. Beyond ±2⁵² avsc is not exact, so those are refused. */
function readLong(cursor: Cursor): number {
  let value = 0
  let weight = 1
  for (let n = 0; n < 10; n++) {
    const byte = cursor.bytes[cursor.at]
    if (byte === undefined) throw flaw(cursor, 'the bytes end within ', '')
    cursor.at++
    value += (byte & 0x7f) * weight
    if (byte < 0x80) return unzigzag(value, cursor)
    weight *= 128
  }
  throw flaw(cursor, '', ' holds an integer of more than ten bytes')
}

function unzigzag(value: number, cursor: Cursor): number {
  if (value > 2 ** 53) throw flaw(cursor, '', ' holds an integer beyond 2^52')
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2
}
