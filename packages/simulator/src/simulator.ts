/** The HTTP server: an OpenAI-compatible endpoint on the loopback interface, with its faults and its record of calls. */
import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { isReply } from './answer.ts'
import { completion, modelName, readChatRequest, type ChatRequest } from './completion.ts'
import { canLie } from './compose.ts'
import { createFaultBox, parseFaultRules, type FaultBox, type FaultKind, type FaultRule } from './faults.ts'

export interface SimulatorOptions {
  /** 0, the default, takes a free one. */
  port?: number
  host?: string
  /** Milliseconds added to every answer. */
  latencyMs?: number
  /** Chooses between wordings that are equally good; the same seed and prompt always give the same answer. */
  seed?: number
}

/** One request for a completion, without its content. */
export interface SimulatorCall {
  /** SHA-256 of the prompt and the schema's name, shortened: equal for equal requests. */
  promptHash: string
  schemaName: string | null
  fault: FaultKind | null
}

export interface Simulator extends AsyncDisposable {
  /** Base URL for a client, ending in /v1. */
  url: string
  /** The last 10,000 calls, oldest first. */
  calls(): readonly SimulatorCall[]
  /** Replaces all rules. The first that matches a prompt applies. */
  setFaults(rules: readonly FaultRule[]): void
  close(): Promise<void>
}

const mostBytes = 8 * 1024 * 1024
const mostCalls = 10_000

export async function createSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { port = 0, host = '127.0.0.1', latencyMs = 0, seed = 0 } = options
  const state: State = { calls: [], faults: createFaultBox(), latencyMs, seed }
  const server = createServer((request, response) => {
    route(request, response, state).catch((error: unknown) => {
      const [status, message] = error instanceof TooLarge ? [413, error.message] : [500, 'the simulator failed']
      if (!response.headersSent) sendError(response, status, message)
    })
  })
  // Longer than a client keeps an idle connection, so that none is closed just as it is used again.
  server.keepAliveTimeout = 120_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })

  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  const address = server.address() as AddressInfo
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}/v1`,
    calls: () => [...state.calls],
    setFaults: state.faults.set,
    close,
    [Symbol.asyncDispose]: close,
  }
}

interface State {
  calls: SimulatorCall[]
  faults: FaultBox
  latencyMs: number
  seed: number
}

async function route(request: IncomingMessage, response: ServerResponse, state: State): Promise<void> {
  switch (`${request.method} ${request.url?.split('?')[0]}`) {
    case 'POST /v1/chat/completions':
      return complete(request, response, state)
    case 'GET /v1/models':
      return send(response, 200, { object: 'list', data: [{ id: modelName, object: 'model', created: 0, owned_by: 'concord' }] })
    case 'GET /_simulator/faults':
      return send(response, 200, state.faults.rules())
    case 'PUT /_simulator/faults': {
      const rules = parseFaultRules(parseJson(await readBody(request)))
      if (typeof rules === 'string') return sendError(response, 400, rules)
      state.faults.set(rules)
      return send(response, 200, state.faults.rules())
    }
    case 'GET /_simulator/calls':
      return send(response, 200, state.calls)
    default:
      return sendError(response, 404, 'there is nothing at this address')
  }
}

async function complete(
  request: IncomingMessage,
  response: ServerResponse,
  { calls, faults, latencyMs, seed }: State,
): Promise<void> {
  const read = readChatRequest(parseJson(await readBody(request)))
  if (typeof read === 'string') return sendError(response, 400, read)
  const promptHash = createHash('sha256').update(`${read.schemaName}\n${read.prompt.text}`).digest('hex').slice(0, 24)
  const fault = faults.take(read.prompt.text, (rule) => applies(rule, read))
  calls.push(Object.freeze({ promptHash, schemaName: read.schemaName, fault: fault?.kind ?? null }))
  if (calls.length > mostCalls) calls.shift()

  if (fault?.kind === 'reset') return void request.socket.destroy()
  if (fault?.kind === 'hang') return
  const wait = latencyMs + (fault?.kind === 'slow' ? (fault.ms ?? 1000) : 0)
  if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait))
  if (fault?.kind === 'status') {
    if (fault.retryAfter !== undefined) response.setHeader('retry-after', String(fault.retryAfter))
    return sendError(response, fault.code ?? 503, 'a fault that was asked for')
  }
  send(response, 200, completion(read, `chatcmpl-${promptHash}`, seed, fault))
}

/** A lie needs something to lie about; every other fault always applies. */
function applies(rule: FaultRule, { prompt, schema }: ChatRequest): boolean {
  if (rule.kind !== 'overpromise' && rule.kind !== 'overstate') return true
  return (schema === null || isReply(schema)) && canLie(prompt, rule.kind)
}

class TooLarge extends Error {}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > mostBytes) throw new TooLarge('the body is larger than 8 MiB')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

function sendError(response: ServerResponse, status: number, message: string): void {
  send(response, status, {
    error: { message, type: status < 500 ? 'invalid_request_error' : 'server_error', code: null, param: null },
  })
}
