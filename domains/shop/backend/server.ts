/** The shop's back end: customers, orders and products behind HTTP, durable in one journal. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { openLedger, type Ledger } from './ledger.ts'
import { answerTo, type Answer } from './routes.ts'
import { seed } from './seed.ts'

export interface BackendOptions {
  /** 0 picks a free one. */
  port: number
  host?: string
  /** Folder of the journal; without it everything is forgotten at the end. */
  dataDir?: string
  /** Milliseconds since the epoch. The seed's dates count back from the start. */
  now?: () => number
}

export interface Backend {
  url: string
  close(): Promise<void>
}

const mostBytes = 64 * 1024

/** Listens when the promise resolves. */
export async function startBackend({ port, host = '127.0.0.1', dataDir, now = Date.now }: BackendOptions): Promise<Backend> {
  const ledger = openLedger(seed(now()), dataDir ?? null)
  const server = createServer((request, response) => {
    respond(ledger, request, now).then(
      (answer) => send(response, answer),
      () =>
        send(response, {
          status: 500,
          body: { error: 'internal', message: 'The write could not be recorded, so it was not done.' },
        }),
    )
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  const address = server.address() as AddressInfo
  return {
    url: `http://${host}:${address.port}`,
    async close() {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
      ledger.close()
    },
  }
}

async function respond(ledger: Ledger, request: IncomingMessage, now: () => number): Promise<Answer> {
  const method = request.method ?? 'GET'
  const path = (request.url ?? '/').split('?', 1)[0]!
  const reading = method === 'GET' || method === 'HEAD'
  const args = reading ? {} : await bodyOf(request)
  return answerTo(
    ledger,
    { method, path, key: header(request, 'idempotency-key'), ifMatch: header(request, 'if-match'), args },
    new Date(now()).toISOString(),
  )
}

function header(request: IncomingMessage, name: string): string | null {
  const value = request.headers[name]
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null
}

/** The body as an object, `{}` when there is none; undefined when it is something else. */
async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown> | undefined> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes <= mostBytes) chunks.push(chunk)
  }
  if (bytes > mostBytes) return undefined
  if (bytes === 0) return {}
  try {
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'))
    return typeof body === 'object' && body !== null && !Array.isArray(body) ? { ...body } : undefined
  } catch {
    return undefined
  }
}

function send(response: ServerResponse, { status, body, version }: Answer): void {
  const headers = { 'content-type': 'application/json', ...(version === undefined ? {} : { etag: `"${version}"` }) }
  response.writeHead(status, headers).end(JSON.stringify(body))
}
