import { deadLetterTopic } from './keys.ts'
import type { Work } from './work.ts'

/** Whether what goes out for the message is its dead letter. */
export function isGivenUp({ record, outgoing }: Work, group: string): boolean {
  const letters = deadLetterTopic(record.topic, group)
  return (outgoing ?? []).some(({ topic }) => topic === letters)
}
