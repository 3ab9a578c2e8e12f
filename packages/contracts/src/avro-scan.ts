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
  const cursor = { bytes, at: 0 }
  try {
    skip(type as unknown as Shape, cursor, '', 0)
  } catch (error) {
    if (error instanceof Flaw) return error.message
    throw error
  }
  return cursor.at === bytes.length ? null : `${bytes.length - cursor.at} bytes are left over after the value`
}

interface Cursor {
  bytes: Buffer
  at: number
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

function skip(type: Shape, cursor: Cursor, path: string, depth: number): void {
  if (depth > deepest) throw new Flaw(`${path} is nested too deeply`)
  switch (type.typeName) {
    case 'null':
      return
    case 'boolean':
      if ((cursor.bytes[cursor.at] ?? 0) > 1) throw new Flaw(`${path} is no boolean`)
      return advance(cursor, 1, path)
    case 'int':
    case 'long':
      return void readLong(cursor, path)
    case 'float':
      return advance(cursor, 4, path)
    case 'double':
      return advance(cursor, 8, path)
    case 'bytes':
      return advance(cursor, readLong(cursor, path), path)
    case 'string':
      return skipString(cursor, path)
    case 'fixed':
      return advance(cursor, type.size ?? 0, path)
    case 'enum':
      return void pick(type.symbols ?? [], cursor, path)
    case 'record':
      for (const field of type.fields ?? [])
        skip(field.type, cursor, path === '' ? field.name : `${path}.${field.name}`, depth + 1)
      return
    case 'array':
      return skipBlocks(cursor, path, () => type.itemsType && skip(type.itemsType, cursor, `${path}[]`, depth + 1))
    case 'map':
      return skipBlocks(cursor, path, () => {
        skipString(cursor, `a key of ${path}`)
        if (type.valuesType) skip(type.valuesType, cursor, `${path}[…]`, depth + 1)
      })
    case 'union:unwrapped':
    case 'union:wrapped':
      return skip(pick(type.types ?? [], cursor, path), cursor, path, depth + 1)
    default:
      throw new Flaw(`${path} has the unknown Avro type ${type.typeName}`)
  }
}

function skipBlocks(cursor: Cursor, path: string, item: () => void): void {
  for (;;) {
    const count = readLong(cursor, path)
    if (count === 0) return
    if (count < 0) readLong(cursor, path)
    // No item of ours is empty, so more items than bytes cannot be.
    if (Math.abs(count) > cursor.bytes.length - cursor.at) throw new Flaw(`${path} announces more items than there are bytes`)
    for (let n = Math.abs(count); n > 0; n--) item()
  }
}

function skipString(cursor: Cursor, path: string): void {
  const length = readLong(cursor, path)
  const start = cursor.at
  advance(cursor, length, path)
  if (!isUtf8(cursor.bytes.subarray(start, cursor.at))) throw new Flaw(`${path} is not valid UTF-8`)
}

function pick<T>(choices: readonly T[], cursor: Cursor, path: string): T {
  const chosen = choices[readLong(cursor, path)]
  if (chosen === undefined) throw new Flaw(`${path} has an unknown branch`)
  return chosen
}

function advance(cursor: Cursor, length: number, path: string): void {
  if (length < 0) throw new Flaw(`${path} has a negative length`)
  if (cursor.at + length > cursor.bytes.length) throw new Flaw(`the bytes end within ${path || 'the value'}`)
  cursor.at += length
}

/** Zig-zag variable-length integer of at most ten bytes. Beyond ±2⁵² avsc is not exact, so those are refused. */
function readLong(cursor: Cursor, path: string): number {
  let value = 0
  let weight = 1
  for (let n = 0; n < 10; n++) {
    const byte = cursor.bytes[cursor.at]
    if (byte === undefined) throw new Flaw(`the bytes end within ${path || 'the value'}`)
    cursor.at++
    value += (byte & 0x7f) * weight
    if (byte < 0x80) return unzigzag(value, path)
    weight *= 128
  }
  throw new Flaw(`${path} holds an integer of more than ten bytes`)
}

function unzigzag(value: number, path: string): number {
  if (value > 2 ** 53) throw new Flaw(`${path} holds an integer beyond 2^52`)
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2
}
