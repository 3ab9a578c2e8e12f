import { Fault } from '@concord/contracts'
import type { PutResult } from '@concord/store'
import { packRecord, unpackRecord } from '../packed-record.ts'
import { skipped } from '../settle.ts'
import type { Shell } from '../shell.ts'
import type { Step, Work } from '../work.ts'
import { workKeyOf } from './dedupe.ts'
import { isFinal, readRemembered, type Remembered } from './remembered.ts'

/**
 * Stores the result before anybody sees it. Of several results for one message the first wins, whoever made it; `replacing` is for the
 * one that says that the first cannot be published.
 */
export function remember(shell: Shell, mode: 'first' | 'replacing' = 'first'): Step {
  return async (work, next) => {
    if (work.remembered && mode === 'first') return next()
    const put = await write(shell, work, 0)
    const standing = put.ok ? null : put.current
    const first = standing && readRemembered(standing.value)
    if (first?.state === 'published' && isFinal(first, work.record)) return skipped(shell, work, 'duplicate')
    if (first?.state === 'remembered' && mode === 'first') work.outgoing = first.records.map(unpackRecord)
    else if (!put.ok) await replace(shell, work, standing?.version ?? 0)
    work.remembered = true
    return next()
  }
}

function write(shell: Shell, work: Work, ifVersion: number): Promise<PutResult> {
  const value: Remembered = { state: 'remembered', records: (work.outgoing ?? []).map(packRecord) }
  const options = { ifVersion, ttlMs: shell.config.horizonMs }
  return shell.deps.store.put(workKeyOf(shell, work), JSON.stringify(value), options)
}

async function replace(shell: Shell, work: Work, version: number): Promise<void> {
  const put = await write(shell, work, version)
  if (!put.ok) throw new Fault('store_conflict', 'the result was replaced by another at the same time.', { retryable: true })
}
