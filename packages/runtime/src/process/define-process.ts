import type { CaseEvent, caseEvents, Envelope, Fault, MessageId, MessageOf, Topic } from '@concord/contracts'
import type { IndexEntry } from '@concord/store'
import type { Logger, Metrics } from '@concord/telemetry'
import type { OutputOf } from '../outcome.ts'

/** A message on one of these topics: noun and value belong together. */
export type MessageInput<T extends Topic = Topic> = T extends Topic
  ? {
      readonly kind: 'message'
      readonly noun: T['noun']
      readonly value: MessageOf<T>
      /** The message's own; of a request, the one derived from it. */
      readonly envelope: Envelope
      readonly id: MessageId
      readonly hash: string
      /** The broker's time of the record. Milliseconds since the epoch. */
      readonly receivedAt: number
    }
  : never

/** A deadline of the case has come; `at` is when it was due. */
export interface DueInput {
  readonly kind: 'due'
  readonly at: number
}

export type Input<T extends Topic = Topic> = MessageInput<T> | DueInput

/** A record that could not be read, as far as it could. */
export interface Unreadable {
  /** Of the topic. */
  readonly noun: string
  readonly fault: Fault
  readonly topic: string
  readonly partition: number
  readonly offset: number
  /** The partition key, where it is text. */
  readonly key: string | null
  /** Milliseconds since the epoch. */
  readonly receivedAt: number
  /** Those that are text. `ce_subject` is the request's id, `ce_source` the maker, if they are to be believed. */
  readonly headers: Readonly<Record<string, string>>
}

/** One event of a case, as it is written down. */
export interface JournalStep<State, Event, In extends Input = Input> {
  readonly event: Event
  /** The state after it. */
  readonly after: State
  /** One more with each event of the case. */
  readonly version: number
  /**
   * Higher with each rebuilding of the case's partition. What was not published before one may be decided anew and otherwise, so an entry's
   * id rests on the epoch too.
   */
  readonly epoch: number
  /** What led to it. */
  readonly input: In
}

/** Events of a process as history, from which its cases are rebuilt. */
export interface Journal<State, Event, In extends readonly Topic[]> {
  topic: typeof caseEvents
  /** Its `turn` is the runtime's. */
  entry(step: JournalStep<State, Event, Input<In[number]>>): Omit<CaseEvent, 'turn'>
  /** The event that an entry tells of, as `evolve` needs it. Throws for one that it cannot read. */
  event(entry: CaseEvent): Event
}

/** A pure core. The state is JSON. */
export interface Process<
  State = unknown,
  Event = unknown,
  C extends readonly Topic[] = readonly Topic[],
  P extends readonly Topic[] = readonly Topic[],
> {
  /** Also the name of its consumer group. */
  name: string
  version: string
  consumes: C
  produces: P
  /** Bulkhead: messages in flight in one replica. */
  concurrency: number
  /** Which case a message belongs to. All messages of a case share a partition key. */
  key(message: MessageInput<C[number]>): string
  initial: State
  /** Another one with each change of what the state looks like: cases of another are rebuilt from their events. */
  stateVersion: number
  decide(state: State, input: Input<C[number]>, now: number): readonly Event[]
  evolve(state: State, event: Event): State
  /** What the event publishes, in full. */
  outputs(event: Event): readonly OutputOf<P[number]>[]
  /** The next deadline of the case in milliseconds since the epoch, or null. */
  dueAt(state: State): number | null
  /** Further indexes of the store in which the case stands, such as those that wait for a person; a null score takes it out. */
  indexes?(state: State): readonly IndexEntry[]
  /** Whether nothing more is to come: a closed case is kept for the horizon. Without it, each case is, after its last change. */
  closed?(state: State): boolean
  /** Published before the outputs. Its topic has as many partitions as those that are consumed. */
  journal: Journal<State, Event, C>
  /**
   * What to say when a message cannot be read; its dead letter is written in any case.
   * @param state of the case that the record's key and headers name, or null if there is none.
   */
  unreadable?(about: Unreadable, state: State | null): readonly OutputOf<P[number]>[]
  /** What happens to a case whose `decide` has thrown on this input. Without it, or if this throws too, the message is a dead letter. */
  onDecideError?(state: State, input: Input<C[number]>, fault: Fault, now: number): readonly Event[]
  /** Called once for each event that is stored: the place for figures and log lines. Must not throw. */
  observe?(event: Event, after: State, telemetry: { metrics: Metrics; log: Logger }): void
}

/** Only fixes the types. */
export function defineProcess<State, Event, const C extends readonly Topic[], const P extends readonly Topic[]>(
  process: Process<State, Event, C, P>,
): Process<State, Event, C, P> {
  return process
}
