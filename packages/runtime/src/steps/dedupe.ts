import { workKey } from '../keys.ts'
import { unpackRecord } from '../packed-record.ts'
import { skipped } from '../settle.ts'
import type { Shell } from '../shell.ts'
import { messageOf, type Step, type Work } from '../work.ts'
import { isFinal, readRemembered } from './remembered.ts'

/** Published work is not done again, unless it was given up and is replayed; a remembered result is only published. */
export function dedupe(shell: Shell): Step {
  return async (work, next) => {
    const stored = await shell.deps.store.get(workKeyOf(shell, work))
    const remembered = stored && readRemembered(stored.value)
    if (remembered?.state === 'published' && isFinal(remembered, work.record)) return skipped(shell, work, 'duplicate')
    if (remembered?.state === 'remembered') {
      work.remembered = true
      work.outgoing = remembered.records.map(unpackRecord)
    }
    return next()
  }
}

/** Under which the result of this work is remembered. */
export function workKeyOf({ manifest }: Shell, work: Work): string {
  const { envelope, id } = messageOf(work)
  return workKey(manifest.name, envelope.tenantId, id)
}
