import { Fault, type MessageOf, type Topic } from '@concord/contracts'

/** A message to be published, of one of these topics: topic and value belong together. */
export type OutputOf<T extends Topic> = T extends Topic ? { readonly topic: T; readonly value: MessageOf<T> } : never

/** Publish this. */
export type Publish<T extends Topic> = T extends Topic
  ? { readonly kind: 'publish'; readonly topic: T; readonly value: MessageOf<T> }
  : never

/** Nothing is to be done, and that is all right. */
export interface Skip {
  readonly kind: 'skip'
  /** A code with few values: it becomes a label. */
  readonly reason: string
}

/** The message cannot be handled, now or ever: dead letter, and the coordinator is told. */
export interface GiveUp {
  readonly kind: 'give-up'
  readonly fault: Fault
}

/** What a handler wants to happen. The runtime makes it happen, and only then commits. */
export type Outcome<T extends Topic = Topic> = Publish<T> | readonly Publish<T>[] | Skip | GiveUp

export function publish<T extends Topic>(topic: T, value: MessageOf<T>): Publish<T> {
  // The conditional type is there to keep topic and value together in a union; for one topic it is just this object.
  return { kind: 'publish', topic, value } as Publish<T>
}

export function skip(reason: string): Skip {
  return { kind: 'skip', reason }
}

export function giveUp(fault: Fault): GiveUp {
  return { kind: 'give-up', fault }
}

/** An outcome that is one indeed: several outputs, none, or an end without any. */
export type CheckedOutcome = { readonly kind: 'outputs'; readonly outputs: readonly OutputOf<Topic>[] } | Skip | GiveUp

/** What came back from a handler, whatever the types say. @throws Fault `invalid_output` for what is no outcome. */
export function readOutcome(returned: unknown): CheckedOutcome {
  try {
    if (Array.isArray(returned)) return { kind: 'outputs', outputs: returned.map(readOutput) }
    const { kind } = returned as Partial<GiveUp | Skip | Publish<Topic>>
    if (kind === 'publish') return { kind: 'outputs', outputs: [readOutput(returned)] }
    if (kind === 'skip') return readSkip(returned as Skip)
    if (kind === 'give-up') return giveUp(Fault.from((returned as GiveUp).fault))
  } catch (error) {
    throw noOutcome(error)
  }
  throw noOutcome()
}

function readOutput(one: unknown): OutputOf<Topic> {
  const { kind, topic, value } = one as Publish<Topic>
  if (kind !== 'publish' || typeof topic.name !== 'string') throw noOutcome()
  return { topic, value }
}

function readSkip({ reason }: Skip): Skip {
  if (typeof reason !== 'string' || !/^[\w .:-]{1,64}$/.test(reason)) {
    throw new Fault('invalid_output', 'the reason of a skip is no code.', {
      mend: 'Give skip(…) at most 64 letters, digits or underscores.',
    })
  }
  return skip(reason)
}

function noOutcome(cause?: unknown): Fault {
  if (cause instanceof Fault) return cause
  const mend = 'Return publish(…), a list of them, skip(…) or giveUp(…).'
  return new Fault('invalid_output', 'the handler returned no outcome.', { mend, cause })
}
