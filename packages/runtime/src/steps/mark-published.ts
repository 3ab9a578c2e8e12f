import type { Shell } from '../shell.ts'
import type { Step } from '../work.ts'
import { replayCount } from '../dead-letter.ts'
import { deadLetterTopic } from '../keys.ts'
import { workKeyOf } from './dedupe.ts'
import type { Remembered } from './remembered.ts'

/** From here on a repeat of the message publishes nothing; of one that was given up, a replay does. */
export function markPublished(shell: Shell): Step {
  return async (work, next) => {
    const gaveUp = (work.outgoing ?? []).some(({ topic }) => topic === deadLetterTopic(work.record.topic, shell.group))
    const value: Remembered = { state: 'published', ...(gaveUp && { gaveUpAt: replayCount(work.record) }) }
    await shell.deps.store.put(workKeyOf(shell, work), JSON.stringify(value), { ifVersion: 'any', ttlMs: shell.config.horizonMs })
    return next()
  }
}
