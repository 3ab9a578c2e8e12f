import type { ActionResult } from '@concord/contracts'
import { newFile, type CaseFile, type CaseState, type OpenState, type StartedState } from './case.ts'
import type { CaseEvent } from './events.ts'

/** Folds one event into the state. Total: an event that does not fit the state leaves it as it is, but counts. */
export function evolve(state: CaseState, event: CaseEvent): CaseState {
  const version = state.version + 1
  if (state.status === 'none') {
    return event.type === 'opened' ? { status: 'opened', version, file: newFile(event.envelope, event.requested) } : state
  }
  if (state.status === 'closed')
    return { ...state, version, file: event.type === 'requested' ? { ...state.file, requested: true } : state.file }
  return { ...apply(state, event), version }
}

function apply(state: OpenState, event: CaseEvent): StartedState {
  const { version } = state
  const filed = (change: Partial<CaseFile>): CaseFile => ({ ...state.file, ...change })
  const keep = (change: Partial<CaseFile>): StartedState => ({ ...state, file: filed(change) })
  switch (event.type) {
    case 'requested':
      return keep({ requested: true })
    case 'triaged':
      return state.status === 'opened'
        ? { status: 'gathering', version, file: filed({ triage: event.triage }) }
        : keep({ triage: event.triage })
    case 'informed':
      return keep({ knowledge: event.knowledge, ...replacing(state.file, state.file.knowledge?.id) })
    case 'ruled':
      return keep({ policy: event.policy, ...replacing(state.file, state.file.policy?.id) })
    case 'compared':
    case 'checked':
      return keep({ findings: merged(state.file, event.findings) })
    case 'briefed':
      return {
        status: event.brief.value.objections.length > 0 ? 'revising' : 'drafting',
        version,
        file: briefed(state.file, event.brief),
      }
    case 'drafted':
      return keep({ draft: event.draft, ...replacing(state.file, state.file.draft?.id) })
    case 'rework_asked':
      return { status: 'gathering', version, file: reworked(state.file, event.agent, event.revision) }
    case 'approved':
      return {
        status: 'acting',
        version,
        file: filed({ pending: event.pending }),
        approvedBy: event.approvedBy,
        since: event.at,
        text: event.text,
        troubles: [],
      }
    case 'acted':
      return acted(state, event.result)
    case 'escalated':
      return {
        status: 'escalated',
        version,
        file: filed({ escalations: state.file.escalations + 1 }),
        escalation: event.escalation,
        notice: event.notice,
        breached: false,
      }
    case 'decided':
      return keep({ decisions: [...state.file.decisions, event.decision], findings: settledBy('person', state.file.findings) })
    case 'sla_breached':
      return state.status === 'escalated' ? { ...state, breached: true } : state
    case 'closed':
      return { status: 'closed', version, file: state.file, reply: event.reply }
    case 'opened':
    case 'agent_failed':
    case 'decision_refused':
    case 'late':
    case 'repeated':
    case 'reuse_rejected':
      return state
  }
}

function acted(state: OpenState, result: ActionResult): StartedState {
  const { pending, done } = state.file
  const repeated = done.some(({ key }) => key === result.key)
  const file = {
    ...state.file,
    pending: pending.filter(({ key }) => key !== result.key),
    done: result.status === 'done' && !repeated ? [...done, result] : done,
  }
  if (state.status !== 'acting' || result.status === 'done') return { ...state, file }
  return { ...state, file, troubles: [...state.troubles, result] }
}

function briefed(file: CaseFile, brief: NonNullable<CaseFile['brief']>): CaseFile {
  return {
    ...file,
    brief,
    draft: null,
    replaced: [...file.replaced, ...idsOf(file.brief, file.draft)],
    revisions: { ...file.revisions, response: brief.value.envelope.revision },
  }
}

function reworked(file: CaseFile, agent: 'knowledge' | 'policy', revision: number): CaseFile {
  const replaced = idsOf(file[agent], file.brief, file.draft)
  return {
    ...file,
    [agent]: null,
    brief: null,
    draft: null,
    reworks: file.reworks + 1,
    replaced: [...file.replaced, ...replaced],
    revisions: { ...file.revisions, [agent]: revision, response: file.revisions.response + 1 },
  }
}

const idsOf = (...messages: ({ id: string } | null)[]): string[] =>
  messages.filter((message) => message !== null).map(({ id }) => id)

const replacing = (file: CaseFile, id: string | undefined): Partial<CaseFile> =>
  id === undefined ? {} : { replaced: [...file.replaced, id] }

/** What nothing had settled yet is settled by this. */
const settledBy = (who: string, findings: CaseFile['findings']): CaseFile['findings'] =>
  findings.map((finding) => (finding.settledBy === null ? { ...finding, settledBy: who } : finding))

/** A finding that comes again replaces the one of its id: it may have been settled since. */
function merged(file: CaseFile, findings: readonly CaseFile['findings'][number][]): CaseFile['findings'] {
  const ids = new Set(findings.map(({ id }) => id))
  return [...file.findings.filter(({ id }) => !ids.has(id)), ...findings]
}
