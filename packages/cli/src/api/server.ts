/** The loopback API of `up --embedded`: what `Client` needs, as JSON over HTTP, for whoever holds the token. */
import { timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { Fault, Request } from '@concord/contracts'
import type { z } from 'zod'
import type { Client } from '../client/client.ts'
import { DiscardWish, Owners, RebuildWish, ReplayWish, Verdict } from './bodies.ts'

export interface ApiServer {
  url: string
  close(): Promise<void>
}

const mostBytes = 1_000_000
/** A client gives up on a stream that is silent for five minutes. Milliseconds. */
const pulseMs = 30_000

/** Serves `client` on a free port of the loopback interface. */
export async function serveApi(client: Client, token: string, port = 0): Promise<ApiServer> {
  const streams = new Set<ServerResponse>()
  await client.watchReplies((entry) => {
    for (const stream of streams) stream.write(`${JSON.stringify(entry)}\n`)
  })
  const server = createServer((request, response) => {
    answer(client, token, streams, request, response).catch((error: unknown) => refuse(response, Fault.from(error)))
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const pulse = setInterval(() => {
    for (const stream of streams) stream.write('\n')
  }, pulseMs)
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      clearInterval(pulse)
      for (const stream of streams) stream.end()
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function answer(
  client: Client,
  token: string,
  streams: Set<ServerResponse>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (!isAllowed(request, token)) return refuse(response, new Fault('invalid_input', 'the token is wrong.'), 401)
  const [, page = '', argument = ''] = (request.url ?? '').split('/')
  switch (`${request.method} ${page}`) {
    case 'GET alive':
      return send(response, { alive: true })
    case 'POST requests':
      return send(response, await client.send(parse(Request, await bodyOf(request))))
    case 'GET replies':
      return stream(streams, response)
    case 'GET entries':
      return send(response, await client.entriesOf(decodeURIComponent(argument)))
    case 'GET queue':
      return send(response, await client.waiting())
    case 'POST decisions':
      return send(response, await client.decide(parse(Verdict, await bodyOf(request))))
    case 'GET lag':
      return send(response, await client.lag())
    case 'POST rebuilds':
      return send(response, await client.rebuild(parse(RebuildWish, await bodyOf(request))))
    case 'GET letters':
      return send(response, await client.deadLetters())
    case 'GET letter':
    case 'GET revealed':
      return send(response, await client.deadLetter(decodeURIComponent(argument), page === 'revealed'))
    case 'POST standings':
      return send(response, await client.standings(parse(Owners, await bodyOf(request))))
    case 'POST replays':
      return send(response, await client.replay(parse(ReplayWish, await bodyOf(request))))
    case 'POST discards':
      return send(response, await client.discard(parse(DiscardWish, await bodyOf(request))))
    default:
      return refuse(response, new Fault('not_found', 'there is no such page.'), 404)
  }
}

function isAllowed(request: IncomingMessage, token: string): boolean {
  const given = Buffer.from(request.headers.authorization ?? '')
  const wanted = Buffer.from(`Bearer ${token}`)
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > mostBytes) throw new Fault('invalid_input', `the body is larger than ${mostBytes} bytes.`)
    chunks.push(chunk)
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch {
    throw new Fault('invalid_input', 'the body is no JSON.')
  }
}

function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  throw new Fault('invalid_input', `${problems.join('; ')}.`)
}

/** JSON lines, as replies come, until one side ends it. */
function stream(streams: Set<ServerResponse>, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' })
  response.flushHeaders()
  streams.add(response)
  response.once('close', () => streams.delete(response))
}

function send(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(JSON.stringify(body ?? null))
}

function refuse(response: ServerResponse, { code, message }: Fault, status = code === 'internal' ? 500 : 400): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ code, message }))
}
