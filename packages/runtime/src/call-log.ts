import type { ModelCallRecord } from '@concord/model'

/** Keeps the records of rejected calls until the message that made them asks: a rejection itself carries none. */
export interface CallLog {
  /** For the model's `onCall`. */
  onCall(record: ModelCallRecord): void
  /** The record of a rejected call, handed out once. */
  failedCall(callId: string): ModelCallRecord | undefined
}

/** Above it, records that nobody asked for are forgotten, oldest first. */
const most = 1_000

export function createCallLog(): CallLog {
  const failed = new Map<string, ModelCallRecord>()
  return {
    onCall(record) {
      if (record.outcome === 'ok') return
      failed.set(record.callId, record)
      const [oldest] = failed.keys()
      if (failed.size > most && oldest !== undefined) failed.delete(oldest)
    },
    failedCall(callId) {
      const record = failed.get(callId)
      failed.delete(callId)
      return record
    },
  }
}
