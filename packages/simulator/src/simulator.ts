/** The HTTP server: an OpenAI-compatible endpoint on the loopback interface, with its faults and its record of calls. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { modelName } from './completion.ts'
import { parseFaultRules, type FaultRule } from './faults.ts'
import { createResponder, failure, type Responder, type SimulatorCall } from './responder.ts'

export interface SimulatorOptions {
  /** 0, the default, takes a free one. */
  port?: number
  host?: string
  /** Milliseconds added to every answer. */
  latencyMs?: number
  /** Chooses between wordings that are equally good; the same seed and prompt always give the same answer. */
  seed?: number
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

export async function createSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { port = 0, host = '127.0.0.1', latencyMs = 0, seed = 0 } = options
  const responder = createResponder({ latencyMs, seed })
  const server = createServer((request, response) => {
    route(request, response, responder).catch((error: unknown) => {
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
    calls: responder.calls,
    setFaults: responder.faults.set,
    close,
    [Symbol.asyncDispose]: close,
  }
}

async function route(request: IncomingMessage, response: ServerResponse, responder: Responder): Promise<void> {
  switch (`${request.method} ${request.url?.split('?')[0]}`) {
    case 'POST /v1/chat/completions':
      return complete(request, response, responder)
    case 'GET /v1/models':
      return send(response, 200, { object: 'list', data: [{ id: modelName, object: 'model', created: 0, owned_by: 'concord' }] })
    case 'GET /_simulator/faults':
      return send(response, 200, responder.faults.rules())
    case 'PUT /_simulator/faults': {
      const rules = parseFaultRules(parseJson(await readBody(request)))
      if (typeof rules === 'string') return sendError(response, 400, rules)
      responder.faults.set(rules)
      return send(response, 200, responder.faults.rules())
    }
    case 'GET /_simulator/calls':
      return send(response, 200, responder.calls())
    default:
      return sendError(response, 404, 'there is nothing at this address')
  }
}

async function complete(request: IncomingMessage, response: ServerResponse, responder: Responder): Promise<void> {
  const said = responder.respond(parseJson(await readBody(request)))
  if (said.kind === 'reset') return void request.socket.destroy()
  if (said.kind === 'hang') return
  if (said.afterMs > 0) await new Promise((resolve) => setTimeout(resolve, said.afterMs))
  for (const [name, value] of Object.entries(said.headers)) response.setHeader(name, value)
  send(response, said.status, said.body)
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
  send(response, status, failure(status, message).body)
}
