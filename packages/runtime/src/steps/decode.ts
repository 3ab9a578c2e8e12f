import { readMessage } from '../read-message.ts'
import { consumedTopic, type Shell } from '../shell.ts'
import type { Step } from '../work.ts'

/** Bytes to a checked message. What cannot be read is a fault without a message. */
export function decode({ manifest, deps }: Shell): Step {
  return async (work, next) => {
    work.message = await readMessage(consumedTopic(manifest, work.record.topic), work.record, deps.codec)
    return next()
  }
}
