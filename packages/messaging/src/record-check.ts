import { Fault } from '@concord/contracts'
import type { Commit, Headers, OutRecord } from './broker.ts'
import type { PartitionCounts } from './assignment.ts'

/** Kafka's own limit is 1,048,588 bytes for a batch; this leaves room for its framing. */
export const defaultMaxRecordBytes = 1_000_000

/** Bytes that a record takes in a batch, its framing guessed high. */
export function recordBytes(record: OutRecord): number {
  let bytes = 64 + length(record.key) + (record.value?.length ?? 0)
  for (const [name, value] of Object.entries(record.headers)) {
    for (const one of Array.isArray(value) ? value : [value]) bytes += 10 + Buffer.byteLength(name) + length(one)
  }
  return bytes
}

function length(bytes: string | Buffer | null): number {
  return bytes === null ? 0 : Buffer.byteLength(bytes)
}

/** @throws Fault `invalid_record`, naming what is wrong, for a record that a broker would refuse. Never shows content. */
export function checkRecord(record: OutRecord, counts: PartitionCounts, maxRecordBytes: number): void {
  const partitions = counts.get(record.topic)
  if (partitions === undefined) throw refused(record, 'the topic does not exist', 'Run: concord topics apply.')
  checkPartition(record, partitions)
  if (record.key !== null && typeof record.key !== 'string' && !Buffer.isBuffer(record.key)) {
    throw refused(record, 'the key is neither string, Buffer nor null')
  }
  if (record.value !== null && !Buffer.isBuffer(record.value)) throw refused(record, 'the value is neither Buffer nor null')
  for (const [name, value] of Object.entries(record.headers)) {
    const ok = typeof value === 'string' || Buffer.isBuffer(value) || (Array.isArray(value) && value.every(Buffer.isBuffer))
    if (!ok) throw refused(record, `the header ${name} is neither string, Buffer nor a list of Buffers`)
  }
  const bytes = recordBytes(record)
  if (bytes > maxRecordBytes) throw refused(record, `it takes ${bytes} bytes of at most ${maxRecordBytes}`)
}

function checkPartition(record: OutRecord, partitions: number): void {
  const { partition } = record
  if (partition === undefined) return
  if (!Number.isInteger(partition) || partition < 0 || partition >= partitions) {
    throw refused(record, `there is no partition ${partition} among ${partitions}`)
  }
}

function refused(record: OutRecord, reason: string, mend?: string): Fault {
  return new Fault('invalid_record', `a record for ${record.topic} is refused: ${reason}.`, mend === undefined ? {} : { mend })
}

/** Headers as a consumer gets them. */
export function headerBytes(headers: OutRecord['headers']): Headers {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, typeof value === 'string' ? Buffer.from(value) : value]),
  )
}

/** Kafka's limit for the metadata of a committed offset. */
export const maxMetadataBytes = 4_096

/** @throws Fault `invalid_record` for metadata that the broker would refuse. */
export function checkMetadata(commit: Commit): void {
  const bytes = Buffer.byteLength(commit.metadata ?? '')
  if (bytes > maxMetadataBytes) {
    throw new Fault('invalid_record', `the metadata of a commit takes ${bytes} bytes of at most ${maxMetadataBytes}.`)
  }
}
