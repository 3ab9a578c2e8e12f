/** Where a fault arose decides its code; the code alone is what callers and alerts branch on. */
export type FaultCode =
  | 'unreadable' // bytes that are no valid message: framing, Avro or zod
  | 'schema_unregistered'
  | 'invalid_config'
  | 'invalid_domain'
  | 'invalid_input'
  | 'invalid_record' // an outgoing record the broker would refuse
  | 'undeclared_output'
  | 'invalid_output' // what a handler returned is no outcome, or breaks its contract
  | 'deadline_exceeded'
  | 'aborted'
  | 'broker_unavailable'
  | 'registry_unavailable'
  | 'store_unavailable'
  | 'store_conflict'
  | 'state_lost' // what stands in the store may be less than was written: it is to be rebuilt before anything is concluded from it
  | 'model_unavailable'
  | 'model_rate_limited'
  | 'model_refused'
  | 'model_invalid_answer'
  | 'model_rejected_request'
  | 'tool_unavailable'
  | 'tool_rejected'
  | 'not_found'
  | 'fenced' // a partition or lease that this process no longer owns
  | 'head_of_line' // a record that alone kept its partition from being committed for too long
  | 'internal'

export interface FaultOptions {
  /** Whether the very same attempt may succeed later. */
  retryable?: boolean
  /** What someone can do about it, as an imperative sentence. */
  mend?: string
  cause?: unknown
}

/** The one error class: every fault knows its `code` and whether it is `retryable`, decided where it is created. */
export class Fault extends Error {
  override readonly name = 'Fault'
  readonly code: FaultCode
  readonly retryable: boolean
  readonly mend: string | undefined

  constructor(code: FaultCode, message: string, options: FaultOptions = {}) {
    const mend = options.mend === undefined ? '' : ` ${options.mend}`
    super(`${code}: ${message}${mend}`, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.retryable = options.retryable ?? false
    this.mend = options.mend
  }

  /** The one door for unknown errors. Total: never throws. An error nobody classified may pass, so it is retryable. */
  static from(error: unknown): Fault {
    try {
      if (error instanceof Fault) return error
      if (error instanceof Error && error.name === 'AbortError') return new Fault('aborted', error.message, { cause: error })
      return new Fault('internal', error instanceof Error ? error.message : String(error), { retryable: true, cause: error })
    } catch {
      // Whatever looks at the cause would throw too, so it is left out.
      return new Fault('internal', 'an error that cannot be shown', { retryable: true })
    }
  }
}
