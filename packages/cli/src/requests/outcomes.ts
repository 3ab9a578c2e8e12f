/** Waits for what becomes of requests: one line each, at the outcome or at the notice that a person decides. */
import { caseKey, type Reply, type Request } from '@concord/contracts'
import type { LogEntry } from '../log/entry.ts'

/** What `--json` prints for one request. */
export interface RequestResult {
  requestId: string
  outcome: Reply['outcome']
  /** The reply's text, where there is one. */
  reply: string | null
  /** Why, as a code; with an error's words where nothing was answered. */
  reason: string
  error: string | null
  citations: number
  actions: string[]
  conflicts: Reply['conflicts']
  decidedBy: string
  traceId: string
  /** From the request's record to the reply's, by the broker's time. */
  ms: number
}

export interface OutcomeWatch {
  /** Feed it every entry of `replies`. */
  see(entry: LogEntry): void
  /** Resolves when the request has ended, or been handed to a person unless `until` is `final`. With a hash, only what became of that content. */
  waitFor(request: Pick<Request, 'tenantId' | 'requestId'>, requestHash?: string): Promise<RequestResult>
  /** Ids of all outcomes seen of a request, the notice left out: more than one is a fault of ours. */
  outcomeIds(request: Pick<Request, 'tenantId' | 'requestId'>): ReadonlySet<string>
}

export function watchOutcomes(until: 'notice' | 'final'): OutcomeWatch {
  const results = new Map<string, RequestResult>()
  const waiting = new Map<string, ((result: RequestResult) => void)[]>()
  const ids = new Map<string, Set<string>>()
  const settle = (key: string, result: RequestResult): void => {
    if (results.has(key)) return
    results.set(key, result)
    for (const resolve of waiting.get(key) ?? []) resolve(result)
    waiting.delete(key)
  }
  return {
    see(entry) {
      const reply = entry.value as unknown as Reply
      const key = caseKey(reply.envelope)
      if (reply.outcome !== 'escalated') ids.set(key, (ids.get(key) ?? new Set()).add(reply.envelope.messageId))
      else if (until === 'final') return
      const result = resultOf(reply, entry)
      settle(key, result)
      settle(withHash(key, reply.envelope.requestHash), result)
    },
    waitFor(request, requestHash) {
      const key = requestHash === undefined ? caseKey(request) : withHash(caseKey(request), requestHash)
      const result = results.get(key)
      if (result !== undefined) return Promise.resolve(result)
      return new Promise((resolve) => waiting.set(key, [...(waiting.get(key) ?? []), resolve]))
    },
    outcomeIds: (request) => ids.get(caseKey(request)) ?? new Set(),
  }
}

/** No id holds white space. */
const withHash = (key: string, requestHash: string): string => `${key} ${requestHash}`

function resultOf(reply: Reply, entry: LogEntry): RequestResult {
  return {
    requestId: reply.envelope.requestId,
    outcome: reply.outcome,
    reply: reply.text,
    reason: reply.reason,
    error: reply.error,
    citations: reply.citations.length,
    actions: reply.actions.map(({ action, subject }) => `${action} ${subject}`),
    conflicts: reply.conflicts,
    decidedBy: reply.decidedBy,
    traceId: entry.traceId,
    ms: entry.timestamp - reply.envelope.request.receivedAt,
  }
}
