import type { InRecord } from '@concord/messaging'
import { z } from 'zod'
import { replayCount } from '../dead-letter.ts'
import { PackedRecord } from '../packed-record.ts'

/** What the store holds of work that has a result. */
const Remembered = z.discriminatedUnion('state', [
  z.object({ state: z.literal('remembered'), records: z.array(PackedRecord) }),
  z.object({
    state: z.literal('published'),
    /** The message was given up, at this replay of it (0 is the message itself): a later replay is another try. */
    gaveUpAt: z.int().optional(),
  }),
])
export type Remembered = z.infer<typeof Remembered>

/** Whether that was all: a message that was given up may be replayed, and what was published then is no answer to it. */
export function isFinal(published: Extract<Remembered, { state: 'published' }>, record: InRecord): boolean {
  return published.gaveUpAt === undefined || replayCount(record) <= published.gaveUpAt
}

/** @returns null for what nobody of us wrote: the work is done again. */
export function readRemembered(value: string): Remembered | null {
  try {
    return Remembered.parse(JSON.parse(value))
  } catch {
    return null
  }
}
