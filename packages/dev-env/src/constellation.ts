/** The whole constellation in one process: on the memory broker and store and the `schemas/` folder, or on the ports it is given. */
import {
  createCodec,
  createFolderRegistry,
  Fault,
  loadSchemas,
  systemClock,
  type Clock,
  type Codec,
  type Random,
} from '@concord/contracts'
import { createHttpTools, loadDomain, type Domain } from '@concord/domain'
import { createMemoryBroker, type Broker } from '@concord/messaging'
import { createOpenAIModel } from '@concord/model'
import { createCallLog, createLocalLimiter, type Deps, type RunConfig, type Running } from '@concord/runtime'
import { createSimulator, type Simulator } from '@concord/simulator'
import { createMemoryStore, type Store } from '@concord/store'
import { createMetrics, silentLogger, type Logger } from '@concord/telemetry'
import { startBackEnd } from './back-end.ts'
import { roster, type Service, type ServiceName } from './roster.ts'
import { topicSpecs } from './topics.ts'

/** What the constellation stands on. */
export type Ports = Pick<Deps, 'broker' | 'registry' | 'store' | 'createLimiter'>

export interface ConstellationOptions {
  domainFolder: string
  /** Replicas by service; one where nothing is said. */
  scale?: Partial<Record<ServiceName, number>>
  /** An OpenAI-compatible endpoint; the simulator when absent. */
  model?: { baseURL: string; apiKey: string; model: string }
  /** Where the domain's back end answers; started in this process when absent. */
  backEndUrl?: string
  /** Instead of those in memory. What is given stays open when the constellation stops. */
  ports?: Partial<Ports>
  /** What one replica gets instead of the ports that all have: a way to let it fail. */
  adapt?(deps: Deps, replica: { service: ServiceName; clientId: string }): Deps
  partitions?: number
  /** Milliseconds that a model may take for one answer; 30,000 by default. */
  modelTimeoutMs?: number
  clock?: Clock
  random?: Random
  log?: Logger
  run?: RunConfig
}

export interface Constellation {
  domain: Domain
  broker: Broker
  store: Store
  codec: Codec
  clock: Clock
  /** The replicas at work, in the order in which they were started. */
  readonly services: readonly Running[]
  /** Null when a configured endpoint is used. */
  simulator: Simulator | null
  modelName: string
  /** Starts one more replica, and resolves when it consumes. */
  start(service: ServiceName, clientId?: string): Promise<Running>
  /** Drains one replica and stops it. */
  end(clientId: string): Promise<void>
  /** Leaves a replica alone from now on: it has died, and would never come to its stop. */
  forget(clientId: string): void
  stop(): Promise<void>
}

/** Starts everything and resolves when every service consumes. */
export async function startConstellation(options: ConstellationOptions): Promise<Constellation> {
  const { clock = systemClock, partitions = 6 } = options
  const domain = await loadDomain(options.domainFolder)
  const backEnd = options.backEndUrl === undefined ? await startBackEnd(options.domainFolder) : null
  const simulator = options.model === undefined ? await createSimulator({}) : null
  const endpoint = options.model ?? { baseURL: simulator!.url, apiKey: 'none', model: 'concord-simulator-1' }

  const schemas = loadSchemas()
  const ports = openPorts(options, clock, createFolderRegistry(schemas))
  const codec = createCodec({ registry: ports.registry, schemas })
  const tools = createHttpTools({ baseUrl: options.backEndUrl ?? backEnd!.url, tools: domain.tools.values(), clock })
  const members = roster({ domain, tools })
  await createTopics(ports.broker, topicSpecs(members, partitions))

  const replicas = new Map<string, Running>()
  const run = (service: Service, clientId: string): Running => {
    const deps = replicaDeps(service.name, { ...options, clock }, { ...ports, codec }, endpoint)
    const adapted = options.adapt?.(deps, { service: service.name, clientId }) ?? deps
    const running = service.run(adapted, { ...options.run, clientId })
    replicas.set(clientId, running)
    return running
  }
  for (const service of members) {
    for (let replica = 0; replica < (options.scale?.[service.name] ?? 1); replica++) run(service, `${service.name}-${replica}`)
  }
  await Promise.all([...replicas.values()].map(({ started }) => started))
  let started = replicas.size

  return {
    domain,
    broker: ports.broker,
    store: ports.store,
    codec,
    clock,
    get services() {
      return [...replicas.values()]
    },
    simulator,
    modelName: endpoint.model,
    async start(name, clientId = `${name}-${started++}`) {
      const running = run(member(members, name), clientId)
      await running.started
      return running
    },
    async end(clientId) {
      await replicas.get(clientId)?.stop()
      replicas.delete(clientId)
    },
    forget: (clientId) => void replicas.delete(clientId),
    async stop() {
      await Promise.all([...replicas.values()].map((replica) => replica.stop()))
      const own = options.ports?.store === undefined ? ports.store : null
      await Promise.all([simulator?.close(), backEnd?.close(), own?.close()])
    },
  }
}

function openPorts({ ports = {} }: ConstellationOptions, clock: Clock, folder: Ports['registry']): Ports {
  return {
    broker: ports.broker ?? createMemoryBroker({ clock }),
    registry: ports.registry ?? folder,
    store: ports.store ?? createMemoryStore({ clock }),
    createLimiter: ports.createLimiter ?? ((_name, rate) => createLocalLimiter(rate, { clock })),
  }
}

function replicaDeps(
  name: ServiceName,
  options: ConstellationOptions & { clock: Clock },
  shared: Ports & { codec: Codec },
  endpoint: NonNullable<ConstellationOptions['model']>,
): Deps {
  const { clock, random = Math.random, log = silentLogger, modelTimeoutMs = 30_000 } = options
  const calls = createCallLog()
  return {
    ...shared,
    clock,
    random,
    model: createOpenAIModel({ ...endpoint, clock, random, requestTimeoutMs: modelTimeoutMs, onCall: calls.onCall }),
    failedCall: calls.failedCall,
    log: log.child({ service: name }),
    metrics: createMetrics(name),
  }
}

function member(members: readonly Service[], name: ServiceName): Service {
  const found = members.find((service) => service.name === name)
  if (found === undefined) throw new Fault('internal', `there is no service ${name}.`)
  return found
}

async function createTopics(broker: Broker, specs: ReturnType<typeof topicSpecs>): Promise<void> {
  const admin = await broker.admin()
  await admin.createTopics(specs)
  await admin.close()
}
