import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'

/** What the endpoints show. */
export interface HealthSource {
  /** Names of what is missing; empty when ready. */
  missing(): string[]
  health(): { ok: boolean; reason?: string }
  scrape(): Promise<string>
}

export interface HealthServer {
  readonly port: number
  close(): Promise<void>
}

type Answer = { status: number; type: string; body: string }

const json = (status: number, body: unknown): Answer => ({ status, type: 'application/json', body: `${JSON.stringify(body)}\n` })

const pages: Readonly<Record<string, (source: HealthSource) => Answer | Promise<Answer>>> = {
  '/healthz'(source) {
    const health = source.health()
    return json(health.ok ? 200 : 503, health)
  },
  '/readyz'(source) {
    const missing = source.missing()
    return json(missing.length === 0 ? 200 : 503, { ready: missing.length === 0, missing })
  },
  async '/metrics'(source) {
    return { status: 200, type: 'text/plain; version=0.0.4; charset=utf-8', body: await source.scrape() }
  },
}

/** `/healthz`, `/readyz` and `/metrics`. @param address port 0 takes any that is free */
export async function startHealthServer(source: HealthSource, address: { host: string; port: number }): Promise<HealthServer> {
  const server = createServer((request, response) => {
    void answer(request.url ?? '', source).then(({ status, type, body }) => {
      response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body)
    })
  })
  server.listen(address.port, address.host)
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, close: () => close(server) }
}

async function answer(path: string, source: HealthSource): Promise<Answer> {
  const page = pages[path.split('?')[0] ?? '']
  try {
    return page === undefined ? json(404, { pages: Object.keys(pages) }) : await page(source)
  } catch {
    return json(500, { ok: false, reason: 'the state of the service cannot be told' })
  }
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
}
