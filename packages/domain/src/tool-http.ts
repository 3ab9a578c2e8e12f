/** One HTTP call to the back end: its answer, or a fault that says it may be tried again. */
import { Fault, type Clock } from '@concord/contracts'

export type Fetch = (url: string, init: RequestInit) => Promise<Response>

export interface BackendCall {
  /** For the fault's message. */
  tool: string
  method: string
  url: string
  body: string | null
  headers: Record<string, string>
  signal: AbortSignal | undefined
}

export interface BackendAnswer {
  status: number
  text: string
  /** Undefined when the body is no JSON. */
  json: unknown
  /** The record's version, from `ETag`. */
  version: string | null
}

export type Backend = (call: BackendCall) => Promise<BackendAnswer>

export function createBackend(options: { fetch: Fetch; clock: Pick<Clock, 'after'>; timeoutMs: number }): Backend {
  return async ({ tool, method, url, body, headers, signal }) => {
    const timeout = new AbortController()
    const cancel = options.clock.after(options.timeoutMs, () => timeout.abort())
    const either = signal === undefined ? timeout.signal : AbortSignal.any([signal, timeout.signal])
    const type = body === null ? {} : { 'content-type': 'application/json' }
    const init = { method, body, signal: either, headers: { accept: 'application/json', ...type, ...headers } }
    try {
      const response = await options.fetch(url, init)
      const answer = await toAnswer(response)
      if (response.status >= 500 || response.status === 429 || response.status === 408)
        throw unavailable(tool, `answered ${response.status}`)
      return answer
    } catch (error) {
      if (error instanceof Fault) throw error
      if (signal?.aborted === true) throw new Fault('aborted', `the call of '${tool}' was given up.`, { cause: error })
      throw unavailable(
        tool,
        timeout.signal.aborted ? `did not answer within ${options.timeoutMs} ms` : 'could not be reached',
        error,
      )
    } finally {
      cancel()
    }
  }
}

async function toAnswer(response: Response): Promise<BackendAnswer> {
  const text = await response.text()
  const version =
    response.headers
      .get('etag')
      ?.replace(/^W\//, '')
      .replace(/^"(.*)"$/, '$1') ?? null
  return { status: response.status, text, json: parsed(text), version }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function unavailable(tool: string, what: string, cause?: unknown): Fault {
  const mend = 'Start the back end, or set CONCORD_BACKEND_URL to where it runs.'
  return new Fault('tool_unavailable', `the back end ${what} when '${tool}' was called.`, { retryable: true, mend, cause })
}
