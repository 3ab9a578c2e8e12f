import { Fault, type Clock, type Random } from '@concord/contracts'
import { backOff } from './back-off.ts'
import type { DeliveryOptions } from './delivery-options.ts'

/** Tells the owner which partition numbers come and go, one call at a time. */
export interface Announcer {
  /** Resolves when the owner is ready for their records, or they have left again. */
  gained(partitions: number[]): Promise<void>
  lost(partitions: number[]): Promise<void>
}

export interface AnnouncerDeps extends Pick<DeliveryOptions, 'onPartitions'> {
  clock: Clock
  random: Random
  onFault: (fault: Fault) => void
}

export function createAnnouncer(deps: AnnouncerDeps): Announcer {
  let last: Promise<void> = Promise.resolve()
  let gaining = new AbortController()

  async function gain(partitions: number[], signal: AbortSignal): Promise<void> {
    for (let attempt = 1; !signal.aborted; attempt++) {
      try {
        return await deps.onPartitions?.({ kind: 'gained', partitions, signal })
      } catch (error) {
        if (signal.aborted) return
        deps.onFault(Fault.from(error))
        await deps.clock.sleep(backOff(attempt, deps.random), signal).catch(() => {})
      }
    }
  }

  async function lose(partitions: number[]): Promise<void> {
    try {
      await deps.onPartitions?.({ kind: 'lost', partitions, signal: AbortSignal.abort() })
    } catch (error) {
      deps.onFault(Fault.from(error))
    }
  }

  return {
    gained(partitions) {
      const { signal } = (gaining = new AbortController())
      if (partitions.length > 0) last = last.then(() => gain(partitions, signal))
      return last
    },
    lost(partitions) {
      gaining.abort(new Fault('fenced', 'the partitions have left this member.'))
      if (partitions.length > 0) last = last.then(() => lose(partitions))
      return last
    },
  }
}
