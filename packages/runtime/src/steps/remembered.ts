import { z } from 'zod'
import { PackedRecord } from '../packed-record.ts'

/** What the store holds of work that has a result. */
const Remembered = z.discriminatedUnion('state', [
  z.object({ state: z.literal('remembered'), records: z.array(PackedRecord) }),
  z.object({ state: z.literal('published') }),
])
export type Remembered = z.infer<typeof Remembered>

/** @returns null for what nobody of us wrote: the work is done again. */
export function readRemembered(value: string): Remembered | null {
  try {
    return Remembered.parse(JSON.parse(value))
  } catch {
    return null
  }
}
