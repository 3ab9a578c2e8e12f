/** The decision path of one request: who said what, on what basis, what conflicted, what was decided and why. Pure. */
import type { Envelope, Finding, ModelCall, Reply } from '@concord/contracts'
import type { LogEntry } from '../log/entry.ts'
import { tell } from './tell.ts'

/** One line of the path. */
export interface Step {
  /** Milliseconds since the request. */
  at: number
  who: string
  what: string
  /** A sentence. */
  said: string
  /** What it rests on: claims, rules, passages, tool results, messages. */
  basis: string[]
  topic: string
  partition: number
  offset: number
  messageId: string | null
}

export interface CasePath {
  requestId: string
  tenantId: string
  /** Every trace id that the headers carried: one, unless something is wrong. */
  traceIds: string[]
  outcome: string
  reason: string
  text: string | null
  ms: number
  steps: Step[]
  conflicts: Finding[]
  calls: {
    agent: string
    model: string
    attempts: number
    inputTokens: number
    outputTokens: number
    costMicros: number | null
    ms: number
  }[]
}

/** @returns null when none of the entries is a request's or a case's. */
export function casePath(entries: readonly LogEntry[]): CasePath | null {
  const ordered = [...entries].sort(
    (a, b) => a.timestamp - b.timestamp || flow.indexOf(a.noun) - flow.indexOf(b.noun) || a.offset - b.offset,
  )
  const first = ordered[0]
  if (first === undefined) return null
  const { requestId, tenantId } = first
  const replies = ordered.filter(({ noun }) => noun === 'replies')
  const last = replies.findLast(({ value }) => value['outcome'] !== 'escalated') ?? replies.at(-1)
  const reply = last?.value as unknown as Reply | undefined
  const start = ordered.find(({ noun }) => noun === 'requests')?.timestamp ?? first.timestamp
  return {
    requestId,
    tenantId,
    traceIds: [...new Set(ordered.map(({ traceId }) => traceId))],
    outcome: reply?.outcome ?? 'open',
    reason: reply?.reason ?? 'no reply yet',
    text: reply?.text ?? null,
    ms: (last?.timestamp ?? ordered.at(-1)?.timestamp ?? start) - start,
    steps: ordered.flatMap((entry) => step(entry, start)),
    conflicts: reply?.conflicts ?? [],
    calls: ordered.filter(({ noun }) => noun === 'model-calls').map(({ value }) => call(value as unknown as ModelCall)),
  }
}

/** Messages of one millisecond are told in the order of the flow. */
const flow = [
  'requests',
  'model-calls',
  'triage',
  'knowledge',
  'policy',
  'failures',
  'drafts',
  'decisions',
  'action-results',
].concat(['case-events', 'briefs', 'reworks', 'actions', 'escalations', 'replies'])

function call({
  agent,
  model,
  attempts,
  inputTokens,
  outputTokens,
  costMicros,
  latencyMs,
}: ModelCall): CasePath['calls'][number] {
  return { agent, model, attempts, inputTokens, outputTokens, costMicros, ms: Math.round(latencyMs) }
}

function step(entry: LogEntry, start: number): Step[] {
  const told = tell(entry)
  if (told === null) return []
  const { topic, partition, offset, timestamp, value } = entry
  const messageId = (value['envelope'] as Envelope | undefined)?.messageId ?? null
  return [{ at: timestamp - start, ...told, topic, partition, offset, messageId }]
}
