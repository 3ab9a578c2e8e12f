import { noPartition } from '../no-partition.ts'
import type { InRecord, OffsetRange, TopicPartition } from '../broker.ts'
import type { Topics } from './topics.ts'

interface RangeReaderDeps {
  topics: Topics
  /** @throws Fault `broker_unavailable` while the broker is away. */
  checkAvailable: () => void
  signal: AbortSignal | undefined
}

const listSize = 100

export async function* readRange(
  at: TopicPartition,
  range: OffsetRange,
  { topics, checkAvailable, signal }: RangeReaderDeps,
): AsyncGenerator<InRecord[], void> {
  signal?.throwIfAborted()
  checkAvailable()
  const log = topics.log(at)
  if (log === undefined) throw noPartition(at)
  const end = Math.min(range.to, log.high())
  let position = Math.max(range.from, log.low())
  while (position < end) {
    signal?.throwIfAborted()
    checkAvailable()
    const records = log.read(position, Math.min(listSize, end - position))
    position += records.length
    yield records
  }
}
