import { Fault } from '@concord/contracts'
import { packRecord, unpackRecord } from '../packed-record.ts'
import { skipped } from '../settle.ts'
import type { Shell } from '../shell.ts'
import type { Step } from '../work.ts'
import { workKeyOf } from './dedupe.ts'
import { readRemembered, type Remembered } from './remembered.ts'

/**
 * Stores the result before anybody sees it. Of several results for one message the first wins, whoever made it; `replacing` is for the
 * one that says that the first cannot be published.
 */
export function remember(shell: Shell, mode: 'first' | 'replacing' = 'first'): Step {
  const { store } = shell.deps
  return async (work, next) => {
    const key = workKeyOf(shell, work)
    const value: Remembered = { state: 'remembered', records: (work.outgoing ?? []).map(packRecord) }
    const write = (ifVersion: number) => store.put(key, JSON.stringify(value), { ifVersion, ttlMs: shell.config.horizonMs })

    const put = await write(0)
    if (put.ok) return next()
    const first = put.current && readRemembered(put.current.value)
    if (first?.state === 'published') return skipped(shell, work, 'duplicate')
    if (first !== null && mode === 'first') {
      work.outgoing = first.records.map(unpackRecord)
      return next()
    }
    const replaced = await write(put.current?.version ?? 0)
    if (!replaced.ok)
      throw new Fault('store_conflict', 'the result was replaced by another at the same time.', { retryable: true })
    return next()
  }
}
