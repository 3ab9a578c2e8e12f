/** What the simulator of a model was asked, and when: it keeps the last 10,000 calls without their times. */
import type { Asking } from '../check/happening.ts'

interface Call {
  promptHash: string
  schemaName: string | null
}

export interface CallWatch {
  readonly askings: readonly Asking[]
  /** Asks now, beside the regular times. */
  look(): Promise<void>
  stop(): Promise<void>
}

const everyMs = 1_000
/** So many calls in a row are taken for the same as before. */
const overlap = 50

/** @param modelUrl base URL of the simulator, ending in /v1 */
export function watchModelCalls(modelUrl: string): CallWatch {
  const askings: Asking[] = []
  let seen: Call[] = []
  let after = Date.now()
  let looking: Promise<void> = Promise.resolve()

  const read = async (): Promise<void> => {
    const before = Date.now()
    const response = await fetch(new URL('/_simulator/calls', modelUrl), { signal: AbortSignal.timeout(10_000) })
    const calls = (await response.json()) as Call[]
    for (const { promptHash, schemaName } of newCalls(seen, calls)) {
      askings.push({ service: schemaName ?? 'unknown', prompt: promptHash, after, before: Date.now() })
    }
    seen = calls
    after = before
  }
  const look = (): Promise<void> => (looking = looking.catch(() => undefined).then(read))
  const timer = setInterval(() => void look().catch(() => undefined), everyMs)
  return {
    askings,
    look,
    async stop() {
      clearInterval(timer)
      await looking.catch(() => undefined)
    },
  }
}

/** The calls of `now` that were not there before, when the oldest may have been dropped meanwhile. */
export function newCalls<T extends { promptHash: string }>(before: readonly T[], now: readonly T[]): readonly T[] {
  const known = before.slice(-overlap).map(({ promptHash }) => promptHash)
  for (let end = Math.min(before.length, now.length); end > 0; end--) {
    const last = now.slice(Math.max(0, end - known.length), end)
    if (
      last.length === Math.min(end, known.length) &&
      last.every(({ promptHash }, at) => promptHash === known.at(at - last.length))
    )
      return now.slice(end)
  }
  return now
}
