/** The decision path of one request: who said what, on what basis, what conflicted, what was decided and why. Pure. */
import type {
  Action,
  ActionResult,
  CaseEvent,
  Decision,
  Draft,
  Envelope,
  Escalation,
  Failure,
  Finding,
  Knowledge,
  ModelCall,
  Policy,
  Reply,
  Request,
  Rework,
  Triage,
} from '@concord/contracts'
import type { LogEntry } from '../log/entry.ts'

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

type Told = Pick<Step, 'who' | 'what' | 'said' | 'basis'>

/** Briefs and replies are told by the coordinator's own events; calls of models stand apart. */
function tell({ noun, value }: LogEntry): Told | null {
  const as = <T>() => value as unknown as T
  switch (noun) {
    case 'requests':
      return { who: as<Request>().customerId ?? 'somebody', what: 'asks', said: as<Request>().text, basis: [] }
    case 'triage':
      return tellTriage(as<Triage>())
    case 'knowledge':
      return tellKnowledge(as<Knowledge>())
    case 'policy':
      return tellPolicy(as<Policy>())
    case 'drafts':
      return {
        who: 'response',
        what: 'drafts',
        said: as<Draft>().text,
        basis: as<Draft>().citations.map(({ claim, source }) => `${claim} (${source})`),
      }
    case 'failures':
      return { who: as<Failure>().agent, what: 'fails', said: as<Failure>().message, basis: [] }
    case 'reworks':
      return {
        who: 'coordinator',
        what: `asks ${as<Rework>().agent} again`,
        said: as<Rework>().instruction,
        basis: as<Rework>().changed,
      }
    case 'actions':
      return tellAction(as<Action>())
    case 'action-results':
      return {
        who: 'executor',
        what: as<ActionResult>().status,
        said: `${as<ActionResult>().action} for ${as<ActionResult>().subject}. ${as<ActionResult>().message}`,
        basis: [as<ActionResult>().key],
      }
    case 'escalations':
      return {
        who: 'coordinator',
        what: 'asks a person',
        said: `${as<Escalation>().summary} ${as<Escalation>().consequence}`,
        basis: as<Escalation>().findings.map(({ id }) => id),
      }
    case 'decisions':
      return {
        who: as<Decision>().reviewer,
        what: as<Decision>().decision,
        said: as<Decision>().text ?? as<Decision>().reason ?? '',
        basis: [`version ${as<Decision>().caseVersion}`],
      }
    case 'case-events':
      return {
        who: 'coordinator',
        what: as<CaseEvent>().event,
        said: as<CaseEvent>().reason,
        basis: as<CaseEvent>().inputs.map(({ id }) => id),
      }
    default:
      return null
  }
}

function tellTriage({ intent, confidence, language, riskFlags, entities }: Triage): Told {
  const found = entities.map(({ kind, value }) => `${kind} ${value}`)
  const said = `intent ${intent ?? 'unknown'} (${confidence.toFixed(2)}), language ${language}${riskFlags.length > 0 ? `, flags ${riskFlags.join(', ')}` : ''}`
  return { who: 'triage', what: 'reads', said, basis: found }
}

function tellKnowledge({ claims, passages }: Knowledge): Told {
  const said =
    passages.length === 0
      ? 'no passage answers this'
      : passages.map(({ title, version, quote }) => `${title} v${version}${quote === null ? '' : `: "${quote}"`}`).join(' · ')
  return { who: 'knowledge', what: 'claims', said, basis: claims.map(({ id }) => id) }
}

function tellPolicy({ verdicts, missing, claims, toolResults }: Policy): Told {
  const rulings = verdicts.map(
    ({ effect, action, subject, rule, reason }) => `${effect} ${action} for ${subject} by ${rule}: ${reason}`,
  )
  const lacks = missing.length > 0 ? [`missing: ${missing.join(', ')}`] : []
  const said = [...rulings, ...lacks].join(' · ') || `${claims.length} claims, no action asked for`
  return {
    who: 'policy',
    what: 'rules',
    said,
    basis: [...claims.map(({ id }) => id), ...toolResults.map(({ tool, args, status }) => `${tool} ${args} ${status}`)],
  }
}

function tellAction({ action, subject, approvedBy, recordVersion, key }: Action): Told {
  return {
    who: 'coordinator',
    what: 'approves',
    said: `${action} for ${subject}, approved by ${approvedBy}, on record version ${recordVersion ?? 'none'}`,
    basis: [key],
  }
}
