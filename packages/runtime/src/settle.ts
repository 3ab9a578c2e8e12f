import type { Settled } from '@concord/messaging'
import type { Shell } from './shell.ts'
import { done, type Work } from './work.ts'

/** Ends work that needs nothing, and counts why. */
export function skipped({ deps }: Shell, work: Work, reason: string): Settled {
  deps.metrics.skipped.inc({ topic: work.record.topic, reason })
  work.span?.event('skipped', { reason })
  work.log.debug({ topic: work.record.topic, reason }, 'skipped')
  return done
}
