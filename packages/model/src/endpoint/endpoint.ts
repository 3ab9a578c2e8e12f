/** The port to one endpoint that speaks the chat completions protocol. */
import type { Fault } from '@concord/contracts'
import type { ResponseFormat } from '../response-format.ts'
import type { Reply } from '../reply.ts'

export interface ChatMessage {
  role: 'system' | 'user' | 'assistant'
  content: string
}

/** One request for one answer. */
export interface Completion {
  model: string
  messages: readonly ChatMessage[]
  /** Left out for a model that takes none. */
  format?: ResponseFormat
  maxOutputTokens?: number
  temperature?: number
}

/** No answer came. */
export interface Failed {
  kind: 'failed'
  fault: Fault
  /** Milliseconds that the endpoint asks to wait. */
  retryAfterMs: number | undefined
}

export interface Endpoint {
  /**
   * Sends one request, once. Never rejects: what goes wrong is told as `failed`, with a fault that holds neither key nor content.
   * When the signal aborts, the connection is cut and the call has failed.
   */
  complete(completion: Completion, signal: AbortSignal): Promise<Reply | Failed>
}
