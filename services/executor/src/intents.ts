/** The executor's memory of what it set out to write: an intent stands in the store before the write, its result after it. */
import { Fault, type ActionResult, type Clock } from '@concord/contracts'
import type { Store } from '@concord/store'
import { z } from 'zod'

/** What happened, as far as the back end says. */
export type Result = Pick<ActionResult, 'status' | 'message' | 'recordVersion'>

const Intent = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('begun'),
    approvalHash: z.string(),
    /** Until then whoever began may be writing. Milliseconds since the epoch. */
    heldUntil: z.number(),
  }),
  z.object({
    state: z.literal('finished'),
    approvalHash: z.string(),
    result: z.object({
      status: z.enum(['done', 'conflict', 'refused', 'failed']),
      message: z.string(),
      recordVersion: z.string().nullable(),
    }),
  }),
])
type Intent = z.infer<typeof Intent>

export type Claimed =
  /** The caller may write until then. */
  | { kind: 'held'; version: number; until: number }
  /** Another delivery of the same action holds it; it may be writing, or have died. */
  | { kind: 'taken'; version: number; until: number }
  | { kind: 'finished'; result: Result }
  /** The key stands for another approval. */
  | { kind: 'other' }

export interface Intents {
  /** @param held the version of a hold of one's own, to be renewed. */
  claim(key: string, approvalHash: string, held: number | null): Promise<Claimed>
  /** @returns false when somebody else has changed the intent since that version. */
  finish(key: string, approvalHash: string, version: number, result: Result): Promise<boolean>
}

export interface IntentOptions {
  /** How long one hold lasts. It bounds the write made under it. */
  holdMs: number
  /** How long an intent is kept. */
  horizonMs: number
}

/** @param store of the tenant alone. */
export function createIntents(store: Store, clock: Clock, { holdMs, horizonMs }: IntentOptions): Intents {
  const put = (key: string, intent: Intent, ifVersion: number) =>
    store.put(storeKey(key), JSON.stringify(intent), { ifVersion, ttlMs: horizonMs })

  const hold = async (key: string, approvalHash: string, ifVersion: number): Promise<Claimed> => {
    const until = clock.now() + holdMs
    const written = await put(key, { state: 'begun', approvalHash, heldUntil: until }, ifVersion)
    if (written.ok) return { kind: 'held', version: written.version, until }
    return { kind: 'taken', version: written.current?.version ?? 0, until: clock.now() }
  }

  return {
    async claim(key, approvalHash, held) {
      const stored = await store.get(storeKey(key))
      if (stored === null) return hold(key, approvalHash, 0)
      const intent = readIntent(key, stored.value)
      if (intent.approvalHash !== approvalHash) {
        return wroteNothing(intent) ? hold(key, approvalHash, stored.version) : { kind: 'other' }
      }
      if (intent.state === 'finished') return { kind: 'finished', result: intent.result }
      const free = held === stored.version || intent.heldUntil <= clock.now()
      return free ? hold(key, approvalHash, stored.version) : { kind: 'taken', version: stored.version, until: intent.heldUntil }
    },
    async finish(key, approvalHash, version, result) {
      return (await put(key, { state: 'finished', approvalHash, result }, version)).ok
    },
  }
}

/** After a conflict policy rules anew, so the same key comes back with a new approval. */
function wroteNothing(intent: Intent): boolean {
  return intent.state === 'finished' && intent.result.status === 'conflict'
}

const storeKey = (key: string): string => `intent/${key}`

function readIntent(key: string, value: string): Intent {
  try {
    return Intent.parse(JSON.parse(value))
  } catch {
    throw new Fault('internal', `the intent ${key} cannot be read.`, { mend: 'Delete it; the back end knows what was done.' })
  }
}
