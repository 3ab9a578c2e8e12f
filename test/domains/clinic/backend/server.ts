/** The practice's back end over HTTP. */
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { openDesk, type Answer, type Desk } from './desk.ts'

export interface BackendOptions {
  /** 0 takes any that is free. */
  port: number
  host?: string
  /** Where writes are kept; without it they are forgotten at the end. */
  dataDir?: string
  /** Milliseconds since the epoch. */
  now?: () => number
}

export interface Backend {
  url: string
  close(): Promise<void>
}

const mostBytes = 16_384

export async function startBackend({ port, host = '127.0.0.1', dataDir, now = Date.now }: BackendOptions): Promise<Backend> {
  const desk = openDesk({ now, dataDir })
  const server = createServer((request, response) => {
    const broken: Answer = { status: 500, body: { error: 'internal', message: 'Nothing was done.' } }
    void answer(desk, request)
      .catch(() => broken)
      .then(({ status, body, version }) => {
        const etag = version === undefined ? {} : { etag: `"${version}"` }
        response.writeHead(status, { 'content-type': 'application/json', ...etag }).end(JSON.stringify(body))
      })
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve))
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function answer(desk: Desk, request: IncomingMessage): Promise<Answer> {
  const parts = (request.url ?? '/').split('?')[0]!.split('/').slice(1).map(decodeURIComponent)
  const [table = '', id = '', part] = parts
  if (request.method === 'GET') return table === 'operations' ? desk.operation(id) : desk.read(table, id)
  const key = request.headers['idempotency-key']
  if (typeof key !== 'string') return { status: 400, body: { error: 'no_key', message: 'A write needs an Idempotency-Key.' } }
  const args = await bodyOf(request)
  if (args === null) return { status: 400, body: { error: 'bad_body', message: 'The body is no JSON object.' } }
  const ifMatch = request.headers['if-match']?.replaceAll('"', '') ?? null
  const name = `${request.method} ${part === undefined ? table : `${table}/${part}`}`
  return desk.write({ name, id, args, key, ifMatch })
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown> | null> {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) {
    text += chunk as string
    if (text.length > mostBytes) return null
  }
  try {
    const body: unknown = text === '' ? {} : JSON.parse(text)
    return typeof body === 'object' && body !== null && !Array.isArray(body) ? { ...body } : null
  } catch {
    return null
  }
}
