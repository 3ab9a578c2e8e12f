import type { Fault } from '@concord/contracts'
import { placeOf, type Tenure } from './tenure.ts'

export type Health = { ok: true } | { ok: false; reason: string }

/** What a delivery knows of its own progress. Times in milliseconds since the epoch. */
export interface Vitals {
  now: number
  stallAfterMs: number
  crash: Fault | undefined
  /** Null before the start. */
  lastContact: number | null
  draining: boolean
  commitsFailingSince: number | null
  tenures: readonly Tenure[]
}

export function healthOf(vitals: Vitals): Health {
  const { now, stallAfterMs, crash, lastContact, draining, commitsFailingSince } = vitals
  const tooLong = (since: number | null | undefined): boolean => typeof since === 'number' && now - since > stallAfterMs
  if (crash !== undefined) return ill(`the consumer has stopped: ${crash.message}`)
  if (lastContact === null) return ill('not started')
  if (draining) return { ok: true }
  if (tooLong(lastContact)) return ill(`no contact with the group for ${now - lastContact} ms`)
  if (tooLong(commitsFailingSince)) return ill('commits have been failing')
  const deaf = vitals.tenures.find((tenure) => tooLong(ignoredSince(tenure)))
  if (deaf !== undefined) return ill(`a record of ${placeOf(deaf)} holds the others back, and does not end though it was told to`)
  return { ok: true }
}

const ill = (reason: string): Health => ({ ok: false, reason })

/** Since when the oldest record has been told to end, without any attempt at it having ended. */
function ignoredSince({ tracker }: Tenure): number | null {
  const cancelled = tracker.oldest()?.cancelled
  return cancelled && !cancelled.heeded ? cancelled.at : null
}
