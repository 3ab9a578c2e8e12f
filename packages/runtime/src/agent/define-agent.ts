import type { Basis, Clock, Envelope, MessageId, MessageOf, Topic } from '@concord/contracts'
import type { Store } from '@concord/store'
import type { Logger } from '@concord/telemetry'
import type { Rate } from '../limiter/index.ts'
import type { BoundModel } from '../bound-model.ts'
import type { Outcome } from '../outcome.ts'

/** What of the outgoing envelope differs from the usual. */
export interface EnvelopeOptions {
  /** Of the prompt that made the content. */
  promptVersion?: string | null
  /** Needed where an agent publishes several nouns for one input: it keeps their ids apart. */
  noun?: string
  /** Degradation level at which it was made; the input's by default. */
  level?: number
  /** The input's by default. */
  revision?: number
  /** The input by default. */
  basedOn?: Basis[]
}

/** What a handler has besides its message. */
export interface AgentContext {
  /** Deadline, shutdown and revocation in one: pass it to every await that can block. */
  readonly signal: AbortSignal
  /** Models, bound to this message: its deadline, its signal, its ids. Every call is recorded. */
  readonly model: BoundModel
  /** Keys are the agent's own and the tenant's own. */
  readonly store: Store
  readonly clock: Clock
  now(): number
  readonly log: Logger
  /** The noun of the topic that the message came on. */
  readonly noun: string
  /** From 1, in this process. */
  readonly attempt: number
  /** The broker's time of the record. Milliseconds since the epoch. */
  readonly receivedAt: number
  /** When this message's handling must have ended: the agent's deadline or the case's, whichever is earlier. */
  readonly deadline: number
  /** The envelope of the input; of a request, the one derived from it. */
  readonly input: Envelope
  readonly inputId: MessageId
  readonly inputHash: string
  /** The envelope for an output. */
  envelope(options?: EnvelopeOptions): Envelope
}

/** An agent's manifest and handler. */
export interface Agent<C extends readonly Topic[] = readonly Topic[], P extends readonly Topic[] = readonly Topic[]> {
  /** Also the name of its consumer group. */
  name: string
  version: string
  /** Version of the domain that its answers rest on. */
  domainVersion: string
  consumes: C
  produces: P
  /** Bulkhead: messages in flight in one replica. */
  concurrency: number
  /** Limiter: over all replicas. */
  rate: Rate
  /** Milliseconds from when a replica first began with the message. What waits behind another of its conversation loses nothing. */
  deadline: number
  /** Whether it is not ready while the model does not answer; true unless told otherwise. */
  usesModel?: boolean
  handle(message: MessageOf<C[number]>, context: AgentContext): Promise<Outcome<P[number]>>
}

/** Only fixes the types: publishing what `produces` does not name does not compile. */
export function defineAgent<const C extends readonly Topic[], const P extends readonly Topic[]>(agent: Agent<C, P>): Agent<C, P> {
  return agent
}

/** Seconds as milliseconds. */
export const seconds = (count: number): number => count * 1_000
