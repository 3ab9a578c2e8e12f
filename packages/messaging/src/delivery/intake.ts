import type { InRecord, Progress } from '../broker.ts'
import type { DeliveryOptions } from './delivery-options.ts'
import type { Tenure, Work } from './tenure.ts'

export interface IntakeOptions extends Pick<DeliveryOptions, 'keyOf'> {
  maxIncomplete: number
  /** Milliseconds since the epoch. */
  now: number
}

export interface Taken {
  /** How many of the records, from the first on. */
  count: number
  /** Those of them that are neither done nor here already. */
  fresh: Work[]
  /** Whether a gap in the log has let the watermark move. */
  moved: boolean
}

/** Tracks as many records as the partition has room for. */
export function takeIn(tenure: Tenure, records: readonly InRecord[], progress: Progress, options: IntakeOptions): Taken {
  const { tracker } = tenure
  const fresh: Work[] = []
  let count = 0
  for (const record of records) {
    if (tracker.incomplete() >= options.maxIncomplete) break
    count++
    const key = options.keyOf?.(record) ?? keyOf(record)
    const work: Work = { record, key, tenure, firstSeenAt: options.now, firstTriedAt: null, attempts: 0, cancelled: null }
    if (tracker.track(record.offset, work)) fresh.push(work)
  }
  const before = tracker.version()
  // A gap at the end of the log is done with when it is read: no record behind it may come for long.
  if (count === records.length) tracker.pass(progress.position)
  tenure.high = progress.high
  return { count, fresh, moved: tracker.version() !== before }
}

function keyOf({ key, topic, partition, offset }: InRecord): string {
  return key === null ? `alone:${topic}/${partition}/${offset}` : `key:${key.toString('latin1')}`
}
