import { Fault, type Envelope, type MessageId, type Topic } from '@concord/contracts'
import type { InRecord, OutRecord, Settled } from '@concord/messaging'
import type { ModelCallRecord } from '@concord/model'
import type { Logger, Span } from '@concord/telemetry'

/** A record that could be read. */
export interface Message {
  readonly topic: Topic
  readonly value: unknown
  /** The message's own; of a request, the one derived from it. */
  readonly envelope: Envelope
  readonly id: MessageId
  readonly hash: string
}

/** One attempt at one record, as it goes through the pipeline. Each step adds what it finds out. */
export interface Work {
  readonly record: InRecord
  readonly attempt: number
  readonly firstSeenAt: number
  /** @throws Fault `fenced` when the record may be another member's by now. */
  readonly assertOwned: () => void
  /** Revocation and shutdown; within the step `deadline`, the deadline too. */
  signal: AbortSignal
  log: Logger
  /** From `decode`. */
  message: Message | null
  /** From `trace`. */
  span: Span | null
  /** From `deadline`: when the handling must have ended. */
  deadline: number
  /** From `handle`: calls of models, however they ended. */
  readonly calls: ModelCallRecord[]
  /** From `dedupe` or `remember`: whether a result stands in the store. */
  remembered: boolean
  /** From `recover`: a dependency was away, so this attempt takes none of the time that the agent has for the message. */
  interrupted?: boolean
  /** From `handle`, or from `dedupe` where it was remembered: what goes out. */
  outgoing: readonly OutRecord[] | null
}

/** A step does its part before `next`, after it, or instead of it. */
export type Step = (work: Work, next: () => Promise<Settled>) => Promise<Settled>

/** Runs the steps in their order, each around those after it. */
export function pipeline(steps: readonly Step[]): (work: Work) => Promise<Settled> {
  return (work) => {
    const from = (index: number): Promise<Settled> => {
      const step = steps[index]
      if (step === undefined) throw new Fault('internal', 'the last step of a pipeline must settle the work.')
      return step(work, () => from(index + 1))
    }
    return from(0)
  }
}

/** The step for work that has no result yet; work with one, of an earlier attempt, goes past it. */
export function fresh(step: Step): Step {
  return (work, next) => (work.outgoing === null ? step(work, next) : next())
}

/** The message of work that is past `decode`. */
export function messageOf(work: Work): Message {
  if (work.message === null) throw new Fault('internal', 'the step stands before decode in its pipeline.')
  return work.message
}

/** The span of work that is past `trace`. */
export function spanOf(work: Work): Span {
  if (work.span === null) throw new Fault('internal', 'the step stands before trace in its pipeline.')
  return work.span
}

export const done: Settled = { kind: 'done' }
