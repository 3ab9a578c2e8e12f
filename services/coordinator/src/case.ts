/** A case: everything the coordinator knows of one request, and where it stands. */
import type {
  ActionResult,
  Brief,
  Decision,
  Draft,
  Envelope,
  Escalation,
  Finding,
  Knowledge,
  Policy,
  Reply,
  Triage,
} from '@concord/contracts'

/** A message that was received, with the id and hash by which others may rest on it. */
export interface Received<T> {
  id: string
  hash: string
  value: T
}

/** The papers of a case that is open. */
export interface CaseFile {
  /** Identity, snapshot and deadline, as the first message gave them. */
  envelope: Envelope
  /** Whether the request itself has been read: an answer to it may be read first, and then its first reading is no repeat. */
  requested: boolean
  triage: Received<Triage> | null
  knowledge: Received<Knowledge> | null
  policy: Received<Policy> | null
  /** Revision that is expected of each agent next; an answer of an older one is late. */
  revisions: { knowledge: number; policy: number; response: number }
  /** Everything found so far, settled or not. */
  findings: Finding[]
  /** Ids of messages that stood once and were replaced. */
  replaced: string[]
  brief: Received<Brief> | null
  draft: Received<Draft> | null
  /** What people decided, in order. */
  decisions: Decision[]
  /** Actions that were approved and not yet reported, whoever has the case by now. */
  pending: PendingAction[]
  /** Results of the actions that were carried out. */
  done: ActionResult[]
  reworks: number
  escalations: number
}

/** An action that was approved and not yet reported. */
export interface PendingAction {
  key: string
  action: string
  subject: string
  /** Revision of the approval: what the executor says of an older one is late, unless it says that it was done. */
  attempt: number
}

export type CaseState =
  | { status: 'none'; version: 0 }
  | { status: 'opened'; version: number; file: CaseFile }
  | { status: 'gathering'; version: number; file: CaseFile }
  | { status: 'drafting'; version: number; file: CaseFile }
  | { status: 'revising'; version: number; file: CaseFile }
  | {
      status: 'acting'
      version: number
      file: CaseFile
      approvedBy: string
      since: number
      text: string
      /** Results of this approval that are not `done`. */
      troubles: ActionResult[]
    }
  | { status: 'escalated'; version: number; file: CaseFile; escalation: Escalation; notice: Reply; breached: boolean }
  | { status: 'closed'; version: number; file: CaseFile; reply: Reply }

/** A state in which the case can still be worked on. */
export type OpenState = Exclude<CaseState, { status: 'none' } | { status: 'closed' }>

/** A state of a case that has been opened. */
export type StartedState = Exclude<CaseState, { status: 'none' }>

export const initialCase: CaseState = { status: 'none', version: 0 }

export function newFile(envelope: Envelope, requested: boolean): CaseFile {
  return {
    envelope,
    requested,
    triage: null,
    knowledge: null,
    policy: null,
    revisions: { knowledge: 0, policy: 0, response: 0 },
    findings: [],
    replaced: [],
    brief: null,
    draft: null,
    decisions: [],
    pending: [],
    done: [],
    reworks: 0,
    escalations: 0,
  }
}
