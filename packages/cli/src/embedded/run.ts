/** `up --embedded`: the constellation in this process until a signal ends it, with the loopback API for the other commands. */
import { randomBytes } from 'node:crypto'
import { Fault } from '@concord/contracts'
import { createCoordinator, roster, startConstellation, type Constellation } from '@concord/dev-env'
import type { Scale } from '@concord/dev-env/up'
import { createHttpTools } from '@concord/domain'
import { serveApi } from '../api/server.ts'
import { createDirectClient } from '../client/direct.ts'
import type { Client } from '../client/client.ts'
import { forgetDiscovery, readDiscovery, writeDiscovery } from '../client/discovery.ts'
import { figuresOf } from '../lag/figures.ts'
import { print, printJson, tell } from '../print.ts'
import { settings } from '../settings.ts'
import { table } from '../table.ts'

export interface EmbeddedOptions {
  domainFolder: string
  scale: Scale
  json: boolean
}

/** Resolves when it has drained. */
export async function runEmbedded({ domainFolder, scale, json }: EmbeddedOptions): Promise<void> {
  const running = await readDiscovery()
  if (running !== null) {
    throw new Fault('invalid_input', `a constellation runs embedded already, as process ${running.pid}.`, {
      mend: 'Use it, or end it with Ctrl-C there.',
    })
  }
  const { model, tenantId } = settings()
  const signalled = nextSignal()
  const constellation = await startConstellation({ domainFolder, scale, ...(model !== undefined && { model }) })
  const client = clientOf(constellation, tenantId)
  const token = randomBytes(32).toString('base64url')
  const api = await serveApi(client, token)
  await writeDiscovery({ url: api.url, token, pid: process.pid })
  try {
    if (json) printJson({ url: api.url, pid: process.pid, services: constellation.services.map(({ name }) => name) })
    else print(describe(constellation, api.url))
    tell(`${await signalled}: draining`)
  } finally {
    await forgetDiscovery()
    await api.close()
    await client[Symbol.asyncDispose]()
    await constellation.stop()
  }
}

/** The client inside of the process that runs the constellation. */
export function clientOf(constellation: Constellation, tenantId: string): Client {
  const { domain, broker, store, codec, clock } = constellation
  const tools = createHttpTools({ baseUrl: 'http://127.0.0.1:0', tools: domain.tools.values(), clock })
  const name = 'the embedded constellation'
  return createDirectClient({
    name,
    broker,
    store,
    codec,
    clock,
    tenantId,
    domainVersion: domain.version,
    readers: roster({ domain, tools }),
    process: createCoordinator({ domain }),
    figures: async () => figuresOf(await Promise.all(constellation.services.map((service) => service.scrape()))),
  })
}

/** A second signal ends the process at once. */
function nextSignal(): Promise<NodeJS.Signals> {
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>()
  let told = false
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (told) process.exit(130)
      told = true
      resolve(signal)
    })
  }
  return promise
}

function describe({ domain, services, modelName }: Constellation, url: string): string {
  const counts = [...Map.groupBy(services, ({ name }) => name)].map(([name, replicas]) => [name, String(replicas.length)])
  return [
    table(['service', 'replicas'], counts),
    '',
    `${domain.title}; model: ${modelName}; broker and store in memory; API for this machine at ${url}`,
    'Go on in another terminal: ./concord send --text "When can I call you?" --wait · ./concord trace REQUEST_ID · ./concord queue list · ./concord lag',
    'End it with Ctrl-C.',
  ].join('\n')
}
