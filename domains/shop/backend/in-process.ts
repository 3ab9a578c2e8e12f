/** The shop's back end without a server: for simulations that keep their own time. */
import { openLedger, type Operation } from './ledger.ts'
import { answerTo, type Answer } from './routes.ts'
import { seed } from './seed.ts'

export interface InProcessBackend {
  /** @param headers by their names in small letters. */
  ask(method: string, path: string, headers: Readonly<Record<string, string>>, body: string | null): Answer
  /** The write that was done under this key, if any. */
  operation(key: string): Operation | undefined
}

/** @param now milliseconds since the epoch. The seed's dates count back from its first value. */
export function openBackend({ now }: { now: () => number }): InProcessBackend {
  const ledger = openLedger(seed(now()), null)
  return {
    ask(method, path, headers, body) {
      const key = headers['idempotency-key'] ?? null
      const ifMatch = headers['if-match'] ?? null
      const args = body === null ? {} : (JSON.parse(body) as Record<string, unknown>)
      return answerTo(ledger, { method, path, key, ifMatch, args }, new Date(now()).toISOString())
    },
    operation: (key) => ledger.operation(key),
  }
}
