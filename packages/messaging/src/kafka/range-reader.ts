import { Fault, systemClock, type Clock } from '@concord/contracts'
import type { Broker, InRecord, OffsetRange, TopicPartition } from '../broker.ts'
import { noPartition } from '../no-partition.ts'
import type { ClientOptions } from './client.ts'
import { brokerFault, errorType } from './faults.ts'
import { createFetchSource, type FetchSource } from './fetch-source.ts'

/** Milliseconds between attempts; a leader that moves is found again within them. */
const pauses = [100, 200, 400, 800, 1_600]
/** Bytes asked for at a time. */
const someBytes = 1_048_576
/** Asked for when fewer hold no record that is new: compaction leaves batches that are empty, or whose last records are gone. */
const manyBytes = 16 * someBytes

/** Reads of one broker. They share connections, which end with the last of them. */
export function createRangeReader(options: ClientOptions): Broker['read'] {
  let readers = 0
  let source: FetchSource | undefined
  return async function* read(at, range, signal) {
    signal?.throwIfAborted()
    readers++
    source ??= createFetchSource(options)
    try {
      yield* readRange({ source, clock: systemClock }, at, range, signal)
    } finally {
      if (--readers === 0) {
        const idle = source
        source = undefined
        await idle.close()
      }
    }
  }
}

export interface RangeReaderDeps {
  source: FetchSource
  clock: Clock
}

/** The range in lists, the next one fetched while the last is looked at. */
export async function* readRange(
  deps: RangeReaderDeps,
  at: TopicPartition,
  range: OffsetRange,
  signal: AbortSignal | undefined,
): AsyncGenerator<InRecord[], void> {
  const { low, high } = await unlessAborted(
    patiently(() => deps.source.bounds(at), { at, signal, clock: deps.clock }),
    signal,
  )
  const end = Math.min(range.to, high)
  const start = Math.max(range.from, low)
  let ahead = fetchAhead(start)
  for (;;) {
    const found = await unlessAborted(ahead, signal)
    if (found === null) return
    ahead = fetchAhead(found.next)
    const records = found.records.filter(({ offset }) => offset < end)
    if (records.length > 0) yield records
  }

  function fetchAhead(position: number): Promise<{ records: InRecord[]; next: number } | null> {
    const fetched = position < end ? fetchList(deps, at, { position, end }, signal) : Promise.resolve(null)
    fetched.catch(() => {}) // whoever stops reading early does not wait for it
    return fetched
  }
}

/** What comes next at `position`, or null when the log holds nothing more below `end`. */
async function fetchList(
  { source, clock }: RangeReaderDeps,
  at: TopicPartition,
  { position, end }: { position: number; end: number },
  signal: AbortSignal | undefined,
): Promise<{ records: InRecord[]; next: number } | null> {
  for (let bytes = someBytes; bytes <= manyBytes; bytes *= 2) {
    const found = await patiently(() => fetchOnce(source, at, { position, end, bytes }), { at, signal, clock })
    if (found.next > position) return found
  }
  return null
}

async function fetchOnce(
  source: FetchSource,
  at: TopicPartition,
  { position, end, bytes }: { position: number; end: number; bytes: number },
): Promise<{ records: InRecord[]; next: number }> {
  try {
    const answer = await source.fetch(at, position, bytes)
    if (answer.next === position && answer.readable < end) throw notYet(at)
    return answer
  } catch (error) {
    if (errorType(error) !== 'OFFSET_OUT_OF_RANGE') throw error
    const { low } = await source.bounds(at)
    if (low <= position) throw error
    return { records: [], next: low }
  }
}

/** A new leader may not yet know how far its log may be read. */
function notYet({ topic, partition }: TopicPartition): Fault {
  return new Fault('broker_unavailable', `${topic}/${partition} cannot be read as far as before.`, { retryable: true })
}

interface Attempts {
  at: TopicPartition
  signal: AbortSignal | undefined
  clock: Clock
}

async function patiently<T>(call: () => Promise<T>, { at, signal, clock }: Attempts): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    signal?.throwIfAborted()
    try {
      return await call()
    } catch (error) {
      if (errorType(error) === 'UNKNOWN_TOPIC_OR_PARTITION') throw noPartition(at)
      const fault = brokerFault(error, `${at.topic}/${at.partition} cannot be read`)
      const pause = pauses[attempt]
      if (fault.code !== 'broker_unavailable' || pause === undefined) throw fault
      await clock.sleep(pause, signal)
    }
  }
}

/** Does not wait for an answer that nobody wants any more. */
async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise
  const aborted = Promise.withResolvers<never>()
  const onAbort = (): void => aborted.reject(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    signal.throwIfAborted()
    return await Promise.race([promise, aborted.promise])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
