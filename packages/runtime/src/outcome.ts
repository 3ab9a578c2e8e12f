import type { Fault, MessageOf, Topic } from '@concord/contracts'

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
