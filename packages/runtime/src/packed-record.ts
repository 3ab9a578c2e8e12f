import type { OutRecord } from '@concord/messaging'
import { z } from 'zod'

/** Bytes as they stand in JSON: text as it is, anything else as base64. */
const Bytes = z.union([z.string(), z.object({ base64: z.string() })])
type Bytes = z.infer<typeof Bytes>

/** A record to be sent, as it stands in the store. */
export const PackedRecord = z.object({
  topic: z.string(),
  /** Only where it is not the key that decides. */
  partition: z.int().optional(),
  key: Bytes.nullable(),
  value: z.object({ base64: z.string() }).nullable(),
  /** In pairs: as an object's names, some would be taken for the object's own. */
  headers: z.array(z.tuple([z.string(), z.union([Bytes, z.array(Bytes)])])),
})
export type PackedRecord = z.infer<typeof PackedRecord>

/** What was packed in this process is mostly sent by it as well, a moment later: it need not be read again. */
const originals = new WeakMap<PackedRecord, OutRecord>()

export function packRecord(record: OutRecord): PackedRecord {
  const { topic, partition, key, value, headers } = record
  const packed: PackedRecord = {
    topic,
    ...(partition !== undefined && { partition }),
    key: key === null ? null : pack(key),
    value: value === null ? null : { base64: value.toString('base64') },
    headers: Object.entries(headers).map(([name, one]) => [name, Array.isArray(one) ? one.map(pack) : pack(one)]),
  }
  originals.set(packed, record)
  return packed
}

export function unpackRecord(packed: PackedRecord): OutRecord {
  return originals.get(packed) ?? read(packed)
}

function read({ topic, partition, key, value, headers }: PackedRecord): OutRecord {
  const entries = headers.map(([name, one]) => [name, Array.isArray(one) ? one.map(bytes) : unpack(one)] as const)
  return {
    topic,
    ...(partition !== undefined && { partition }),
    key: key === null ? null : unpack(key),
    value: value === null ? null : Buffer.from(value.base64, 'base64'),
    headers: Object.fromEntries(entries),
  }
}

function pack(value: string | Buffer): Bytes {
  return typeof value === 'string' ? value : { base64: value.toString('base64') }
}

function unpack(value: Bytes): string | Buffer {
  return typeof value === 'string' ? value : Buffer.from(value.base64, 'base64')
}

function bytes(value: Bytes): Buffer {
  return Buffer.from(unpack(value))
}
