/**
 * One approved write, once in effect. Before each attempt the intent is held and the back end is asked what it knows of the
 * key: whatever crashed before, nothing is done blindly a second time.
 */
import { Fault, type Clock } from '@concord/contracts'
import type { Claimed, Intents, Result } from './intents.ts'

export type Written = Result & { status: 'done' | 'conflict' | 'refused' }

/** The back end, bound to one action. Both calls reject with a retryable Fault when it cannot be reached. */
export interface Backend {
  /** What it did under this action's key; null when it did nothing. */
  asked(signal: AbortSignal): Promise<Written | null>
  write(signal: AbortSignal): Promise<Written>
}

export interface Attempt {
  key: string
  approvalHash: string
  /** A write may start before it, and not after. Milliseconds since the epoch. */
  validUntil: number
  /** When an answer must be given. Milliseconds since the epoch. */
  deadline: number
  signal: AbortSignal
}

export interface CarryOutDeps {
  backend: Backend
  intents: Intents
  clock: Clock
}

/** What is known of the write while no result stands. */
type Knowledge = 'not done' | 'unknown'

const firstPauseMs = 100
const longestPauseMs = 2_000

export async function carryOut(deps: CarryOutDeps, attempt: Attempt): Promise<Result> {
  const { intents, clock } = deps
  let held: number | null = null
  let known: Knowledge = 'unknown'
  for (let pause = firstPauseMs; ; pause = Math.min(2 * pause, longestPauseMs)) {
    const claimed = await intents.claim(attempt.key, attempt.approvalHash, held)
    if (claimed.kind === 'finished') return claimed.result
    if (claimed.kind === 'other') return refused('Another approval has been acted on under this key.')
    if (claimed.kind === 'held') held = claimed.version
    const step = await resolve(deps, attempt, claimed)
    if (typeof step === 'object') {
      if (await intents.finish(attempt.key, attempt.approvalHash, claimed.version, step)) return step
      held = null
      continue
    }
    known = step
    if (clock.now() + pause >= attempt.deadline) return unresolved(known)
    await clock.sleep(pause, attempt.signal)
  }
}

/** Asks, and writes where that is safe. */
async function resolve(deps: CarryOutDeps, attempt: Attempt, claimed: Claimed & { until: number }): Promise<Result | Knowledge> {
  const { backend, clock } = deps
  const ask = () => reachable(() => within(deps, attempt, attempt.deadline, (signal) => backend.asked(signal)))
  const before = await ask()
  if (before === undefined) return 'unknown'
  if (before !== null) return before
  if (claimed.kind === 'taken') return 'unknown'
  if (attempt.validUntil <= clock.now()) return refused('The approval was no longer valid, and nothing was done.')
  // No write outlives the hold under which it is made.
  const writeUntil = Math.min(claimed.until, attempt.deadline)
  const written = await reachable(() => within(deps, attempt, writeUntil, (signal) => backend.write(signal)))
  if (written !== undefined) return written
  const after = await ask()
  if (after === undefined) return 'unknown'
  return after ?? 'not done'
}

/** A call that may take until then. */
async function within<T>(
  { clock }: CarryOutDeps,
  { signal }: Attempt,
  until: number,
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController()
  const overdue = new Fault('tool_unavailable', 'the back end did not answer in time.', { retryable: true })
  const cancel = clock.after(Math.max(0, until - clock.now()), () => late.abort(overdue))
  try {
    return await call(AbortSignal.any([signal, late.signal]))
  } catch (error) {
    throw late.signal.aborted && !signal.aborted ? overdue : error
  } finally {
    cancel()
  }
}

/** Undefined when the back end cannot be reached now; any other fault is the caller's. */
async function reachable<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call()
  } catch (error) {
    if (error instanceof Fault && error.code === 'tool_unavailable') return undefined
    throw error
  }
}

export const refused = (message: string): Result => ({ status: 'refused', message, recordVersion: null })

function unresolved(known: Knowledge): Result {
  const message =
    known === 'not done'
      ? 'The back end stayed unavailable and confirms that nothing was done.'
      : 'The back end could not be reached: whether it was done is unknown.'
  return { status: 'failed', message, recordVersion: null }
}
