import { createRequire } from 'node:module'

interface RequestQueue {
  pending: unknown[]
  scheduleCheckPendingRequests(): void
}

const patched = Symbol.for('concord.kafkajs.idle-timer')

/**
 * kafkajs 2.2.4 wakes every idle connection each millisecond, with a negative timeout that Node 24 warns of. There is nothing to check while
 * nothing is pending, and whatever is queued later schedules its own check.
 */
export function patchIdleTimer(): void {
  const { prototype } = createRequire(import.meta.url)('kafkajs/src/network/requestQueue') as { prototype: RequestQueue }
  if (patched in prototype) return
  const schedule = prototype.scheduleCheckPendingRequests
  prototype.scheduleCheckPendingRequests = function () {
    if (this.pending.length > 0) schedule.call(this)
  }
  Object.defineProperty(prototype, patched, { value: true })
}
