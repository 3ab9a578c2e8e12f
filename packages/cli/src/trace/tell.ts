/** What one message says, in a sentence, and what it rests on. Pure. */
import type {
  Action,
  ActionResult,
  CaseEvent,
  Decision,
  Draft,
  Escalation,
  Failure,
  Knowledge,
  Policy,
  Request,
  Rework,
  Triage,
} from '@concord/contracts'
import type { LogEntry } from '../log/entry.ts'
import type { Step } from './steps.ts'

export type Told = Pick<Step, 'who' | 'what' | 'said' | 'basis'>

/** Briefs and replies are told by the coordinator's own events; calls of models stand apart. */
export function tell({ noun, value }: LogEntry): Told | null {
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
