import type { Admin } from '../broker.ts'
import type { Tenure } from './tenure.ts'

/** Waits until partitions are read and done up to where they stood when asked. */
export interface CaughtUp {
  /** @returns false when a tenure ends first. Rejects with the signal's reason. */
  wait(tenures: readonly Tenure[], admin: Admin, signal: AbortSignal): Promise<boolean>
  /** Looks again: something is done, or a tenure has ended. */
  check(): void
}

interface Target {
  tenure: Tenure
  high: number
}

export function createCaughtUp(): CaughtUp {
  const waits = new Set<() => void>()

  return {
    async wait(tenures, admin, signal) {
      if (tenures.length === 0) return false
      signal.throwIfAborted()
      const targets = (await Promise.all(tenures.map((tenure) => targetOf(tenure, admin)))).filter((one) => one !== null)
      return new Promise((resolve, reject) => {
        const end = (finish: () => void): void => {
          waits.delete(look)
          signal.removeEventListener('abort', onAbort)
          finish()
        }
        const onAbort = (): void => end(() => reject(signal.reason))
        const look = (): void => {
          if (tenures.some((tenure) => tenure.state !== 'held')) end(() => resolve(false))
          else if (targets.every(isReached)) end(() => resolve(true))
        }
        waits.add(look)
        signal.addEventListener('abort', onAbort, { once: true })
        if (signal.aborted) onAbort()
        else look()
      })
    },
    check() {
      for (const look of waits) look()
    },
  }
}

/** Null where there is nothing to read. */
async function targetOf(tenure: Tenure, admin: Admin): Promise<Target | null> {
  const offsets = await admin.topicOffsets(tenure.topic)
  const found = offsets.find(({ partition }) => partition === tenure.partition)
  return found === undefined || found.low >= found.high ? null : { tenure, high: found.high }
}

function isReached({ tenure, high }: Target): boolean {
  const watermark = tenure.tracker.watermark()
  return watermark !== null && watermark >= high
}
