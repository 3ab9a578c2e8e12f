/** The constellation as the CLI sees it, wherever it runs: on Kafka, embedded behind the loopback API, or as the record of a demo. */
import type { Decision, Escalation, Request } from '@concord/contracts'
import type { LogEntry } from '../log/entry.ts'
import type { RebuildRow, RebuildWish } from '../rebuild/rebuild.ts'
import type { DeadLetter } from '../dlq/dead-letter.ts'
import type { LetterDesk } from '../dlq/desk.ts'
import type { LetterPage } from '../dlq/page.ts'
import type { LagReport } from '../lag/report.ts'

/** A case that waits for a person. */
export interface WaitingCase {
  requestId: string
  escalation: Escalation
}

/** What a reviewer decides, on exactly what they were shown. */
export interface Verdict {
  requestId: string
  decision: Decision['decision']
  text: string | null
  reason: string | null
  reviewer: string
  caseVersion: number
  shownHash: string
}

/** What became of a decision. */
export interface DecisionResult {
  /** `decided`, or `decision_refused` with the reason. */
  event: string
  reason: string
}

export interface Client extends AsyncDisposable {
  /** For messages: `Kafka at 127.0.0.1:9092`. */
  readonly name: string
  send(request: Request): Promise<void>
  /** Calls `onEntry` with every reply that comes after this has resolved, and `onEnd` if no more can come. */
  watchReplies(onEntry: (entry: LogEntry) => void, onEnd?: (error: unknown) => void): Promise<void>
  /** Every message of the request that the topics hold. */
  entriesOf(requestId: string): Promise<LogEntry[]>
  /** Cases that wait for a person, most urgent first. */
  waiting(): Promise<WaitingCase[]>
  /** Publishes the decision and waits until the coordinator has taken it, or refused it. */
  decide(verdict: Verdict): Promise<DecisionResult>
  lag(): Promise<LagReport>
  /** Has the cases of one partition, or of all, rebuilt from case-events, and waits for it; or only says what would be done. */
  rebuild(wish: RebuildWish): Promise<RebuildRow[]>
  /** Every dead letter, oldest first, with what has become of it. */
  deadLetters(): Promise<DeadLetter[]>
  /** @param reveal shows what is personal, too */
  deadLetter(id: string, reveal: boolean): Promise<LetterPage>
  standings: LetterDesk['standings']
  replay: LetterDesk['replay']
  discard: LetterDesk['discard']
}
