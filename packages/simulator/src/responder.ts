/** What the simulator says to one request: the protocol without its transport, with the faults and the record of calls. */
import { createHash } from 'node:crypto'
import { isReply } from './answer.ts'
import { completion, readChatRequest, type ChatRequest } from './completion.ts'
import { canLie } from './compose.ts'
import { createFaultBox, type FaultBox, type FaultKind, type FaultRule } from './faults.ts'

/** One request for a completion, without its content. */
export interface SimulatorCall {
  /** SHA-256 of the prompt and the schema's name, shortened: equal for equal requests. */
  promptHash: string
  schemaName: string | null
  fault: FaultKind | null
}

export type Said =
  /** The connection breaks. */
  | { kind: 'reset' }
  /** No answer ever. */
  | { kind: 'hang' }
  | {
      kind: 'answer'
      /** Milliseconds to wait first. */
      afterMs: number
      status: number
      headers: Record<string, string>
      body: Record<string, unknown>
    }

export interface Responder {
  /** @param body of `POST /v1/chat/completions`, parsed; whatever it is, there is an answer. */
  respond(body: unknown): Said
  /** The last 10,000 calls, oldest first. */
  calls(): readonly SimulatorCall[]
  faults: FaultBox
}

export interface ResponderOptions {
  /** Milliseconds added to every answer. */
  latencyMs?: number
  /** Chooses between wordings that are equally good; the same seed and prompt always give the same answer. */
  seed?: number
  /** Milliseconds since the epoch. */
  now?: () => number
}

const mostCalls = 10_000

export function createResponder({ latencyMs = 0, seed = 0, now = Date.now }: ResponderOptions = {}): Responder {
  const made: SimulatorCall[] = []
  const faults = createFaultBox()

  return {
    faults,
    calls: () => [...made],
    respond(body) {
      const read = readChatRequest(body)
      if (typeof read === 'string') return failure(400, read)
      const promptHash = createHash('sha256').update(`${read.schemaName}\n${read.prompt.text}`).digest('hex').slice(0, 24)
      const fault = faults.take(read.prompt.text, (rule) => applies(rule, read))
      made.push(Object.freeze({ promptHash, schemaName: read.schemaName, fault: fault?.kind ?? null }))
      if (made.length > mostCalls) made.shift()

      if (fault?.kind === 'reset' || fault?.kind === 'hang') return { kind: fault.kind }
      const afterMs = latencyMs + (fault?.kind === 'slow' ? (fault.ms ?? 1000) : 0)
      if (fault?.kind === 'status') {
        const headers: Record<string, string> = fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) }
        return { ...failure(fault.code ?? 503, 'a fault that was asked for'), afterMs, headers }
      }
      const created = Math.floor(now() / 1000)
      return answer(200, completion(read, { id: `chatcmpl-${promptHash}`, created, seed, fault }), afterMs)
    },
  }
}

/** An error as the protocol writes it. */
export function failure(status: number, message: string) {
  return answer(status, {
    error: { message, type: status < 500 ? 'invalid_request_error' : 'server_error', code: null, param: null },
  })
}

function answer(status: number, body: Record<string, unknown>, afterMs = 0) {
  const headers: Record<string, string> = {}
  return { kind: 'answer' as const, afterMs, status, headers, body }
}

/** A lie needs something to lie about; every other fault always applies. */
function applies(rule: FaultRule, { prompt, schema }: ChatRequest): boolean {
  if (rule.kind !== 'overpromise' && rule.kind !== 'overstate') return true
  return (schema === null || isReply(schema)) && canLie(prompt, rule.kind)
}
