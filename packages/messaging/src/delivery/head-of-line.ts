import { Fault } from '@concord/contracts'
import type { HeadOfLine } from './delivery-options.ts'
import { placeOf, type Tenure, type Work } from './tenure.ts'

export const headOfLineDefault: HeadOfLine = { span: 10_000, afterMs: 120_000 }

/** Of the offsets behind a record, how many may be incomplete for it to be the one that holds all of them back. */
const mostIncomplete = 0.02

/** The record that alone holds the watermark of its partition back, or null. */
export function headOfLine({ tracker }: Tenure, { span, afterMs }: HeadOfLine, now: number): Work | null {
  const watermark = tracker.watermark()
  const oldest = tracker.oldest()
  if (watermark === null || oldest === undefined || oldest.cancelled !== null) return null
  const behind = tracker.highestSeen() + 1 - watermark
  const pinned = behind >= span && tracker.incomplete() <= behind * mostIncomplete
  // A record that waited for others of its key has had no time of its own until it was tried.
  return pinned && oldest.firstTriedAt !== null && now - oldest.firstTriedAt >= afterMs ? oldest : null
}

export function headOfLineFault(work: Work, now: number): Fault {
  const seconds = Math.round((now - (work.firstTriedAt ?? now)) / 1_000)
  return new Fault(
    'head_of_line',
    `${placeOf(work.tenure)} was held back for ${seconds} s by one record, while all behind it is done.`,
  )
}
