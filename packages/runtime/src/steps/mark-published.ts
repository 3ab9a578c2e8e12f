import type { Shell } from '../shell.ts'
import type { Step } from '../work.ts'
import { workKeyOf } from './dedupe.ts'
import type { Remembered } from './remembered.ts'

/** From here on a repeat of the message publishes nothing. */
export function markPublished(shell: Shell): Step {
  return async (work, next) => {
    const value: Remembered = { state: 'published' }
    await shell.deps.store.put(workKeyOf(shell, work), JSON.stringify(value), { ifVersion: 'any', ttlMs: shell.config.horizonMs })
    return next()
  }
}
