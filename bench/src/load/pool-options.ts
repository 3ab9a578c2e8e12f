/** Work of a fixed time on the messages of one partition. */
export interface PoolOptions {
  brokers: string[]
  topic: string
  group: string
  /** Messages to be handled before the worker says how long it took. */
  count: number
  workMs: number
  concurrency: number
  /** Ours, or bare kafkajs with `partitionsConsumedConcurrently`. */
  engine: 'concord' | 'kafkajs'
}

/** What the worker says at its end. */
export interface PoolResult {
  /** From the start of the first piece of work to the end of the last. Milliseconds. */
  ms: number
  /** Most pieces of work under way at once. */
  most: number
  /** Mean time that a piece really took: a timer is never early. Milliseconds. */
  pieceMs: number
}
