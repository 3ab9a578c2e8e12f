import { Fault } from '@concord/contracts'
import { addProcessMetrics } from '@concord/telemetry'
import type { Agent } from '../agent/define-agent.ts'
import { runAgent } from '../agent/run-agent.ts'
import type { Deps, Running } from '../deps.ts'
import type { Process } from '../process/define-process.ts'
import { runProcess } from '../process/run-process.ts'
import { parseConfig, readEnv, type Env, type ServiceConfig } from './config.ts'
import { createDeps } from './create-deps.ts'
import { startHealthServer } from './health-server.ts'

/** What a service is made of, when it makes its agent or process. */
export interface Parts {
  readonly config: ServiceConfig
  readonly deps: Deps
}

/** A deployable: a name, and what makes its agent or process. */
export interface Service {
  name: string
  create(parts: Parts): Promise<Agent | Process> | Agent | Process
}

export interface ServeOptions {
  env?: Env
  /** Instead of the real parts. */
  overrides?: Partial<Deps>
  /** Told once the health server listens. */
  onListening?(port: number): void
}

/**
 * Runs the service until the signal aborts, and then until it is drained. Waits for what is away; rejects, after closing what it opened,
 * with `invalid_config`, `invalid_domain` or `schema_unregistered`: what waiting does not mend.
 */
export async function serve(service: Service, signal: AbortSignal, options: ServeOptions = {}): Promise<void> {
  const config = parseConfig(service.name, readEnv(options.env))
  const ended = new AbortController()
  const deps = createDeps(service.name, config, ended.signal, options.overrides)
  let running: Running | undefined
  const source = {
    missing: () => (signal.aborted ? ['stopping'] : (running?.missing() ?? ['start'])),
    health: () => running?.health() ?? { ok: true },
    scrape: () => running?.scrape() ?? deps.metrics.registry.metrics(),
  }
  const server = await startHealthServer(source, config.health)
  deps.log.info({ port: server.port, clientId: config.run.clientId }, 'listening')
  options.onListening?.(server.port)
  try {
    addProcessMetrics(deps.metrics)
    running = start(await service.create({ config, deps }), deps, config)
    await untilAborted(signal, running.started)
    deps.log.info({}, 'draining')
  } finally {
    await running?.stop()
    ended.abort()
    await server.close()
  }
}

function start(made: Agent | Process, deps: Deps, config: ServiceConfig): Running {
  return 'handle' in made ? runAgent(made, deps, config.run) : runProcess(made, deps, config.run)
}

/** Resolves when the signal aborts; rejects when the start fails before that. */
async function untilAborted(signal: AbortSignal, started: Promise<void>): Promise<void> {
  const aborted = Promise.withResolvers<void>()
  if (signal.aborted) aborted.resolve()
  signal.addEventListener('abort', () => aborted.resolve(), { once: true })
  await Promise.race([aborted.promise, started.then(() => aborted.promise)]).catch((error: unknown) => {
    throw Fault.from(error)
  })
}
