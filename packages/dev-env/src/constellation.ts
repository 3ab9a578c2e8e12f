/** The whole constellation in one process: in-memory broker and store, the `schemas/` folder, and a model endpoint over HTTP. */
import {
  createCodec,
  createFolderRegistry,
  loadSchemas,
  systemClock,
  type Clock,
  type Codec,
  type Random,
} from '@concord/contracts'
import { createHttpTools, loadDomain, type Domain } from '@concord/domain'
import { createMemoryBroker, type MemoryBroker } from '@concord/messaging'
import { createOpenAIModel } from '@concord/model'
import { createLocalLimiter, type Deps, type RunConfig, type Running } from '@concord/runtime'
import { createSimulator, type Simulator } from '@concord/simulator'
import { createMemoryStore, type Store } from '@concord/store'
import { createMetrics, silentLogger, type Logger } from '@concord/telemetry'
import { startBackEnd } from './back-end.ts'
import { roster, type ServiceName } from './roster.ts'
import { topicSpecs } from './topics.ts'

export interface ConstellationOptions {
  domainFolder: string
  /** Replicas by service; one where nothing is said. */
  scale?: Partial<Record<ServiceName, number>>
  /** An OpenAI-compatible endpoint; the simulator when absent. */
  model?: { baseURL: string; apiKey: string; model: string }
  /** Where the domain's back end answers; started in this process when absent. */
  backEndUrl?: string
  partitions?: number
  clock?: Clock
  random?: Random
  log?: Logger
  run?: RunConfig
}

export interface Constellation {
  domain: Domain
  broker: MemoryBroker
  store: Store
  codec: Codec
  clock: Clock
  services: Running[]
  /** Null when a configured endpoint is used. */
  simulator: Simulator | null
  modelName: string
  stop(): Promise<void>
}

/** Starts everything and resolves when every service consumes. */
export async function startConstellation(options: ConstellationOptions): Promise<Constellation> {
  const { clock = systemClock, random = Math.random, log = silentLogger, partitions = 6 } = options
  const domain = await loadDomain(options.domainFolder)
  const backEnd = options.backEndUrl === undefined ? await startBackEnd(options.domainFolder) : null
  const simulator = options.model === undefined ? await createSimulator({}) : null
  const endpoint = options.model ?? { baseURL: simulator!.url, apiKey: 'none', model: 'concord-simulator-1' }

  const broker = createMemoryBroker({ clock })
  const store = createMemoryStore({ clock })
  const schemas = await loadSchemas()
  const registry = createFolderRegistry(schemas)
  const codec = createCodec({ registry, schemas })
  const tools = createHttpTools({ baseUrl: options.backEndUrl ?? backEnd!.url, tools: domain.tools.values(), clock })
  const members = roster({ domain, tools })
  await createTopics(broker, topicSpecs(members, partitions))

  const shared = { broker, registry, codec, store, clock, random }
  const services = members.flatMap((service) =>
    Array.from({ length: options.scale?.[service.name] ?? 1 }, (_, replica) => {
      const deps: Deps = {
        ...shared,
        model: createOpenAIModel({ ...endpoint, clock, requestTimeoutMs: 30_000 }),
        createLimiter: (_name, rate) => createLocalLimiter(rate, { clock }),
        log: log.child({ service: service.name }),
        metrics: createMetrics(service.name),
      }
      return service.run(deps, { ...options.run, clientId: `${service.name}-${replica}` })
    }),
  )
  await Promise.all(services.map(({ started }) => started))

  return {
    domain,
    broker,
    store,
    codec,
    clock,
    services,
    simulator,
    modelName: endpoint.model,
    async stop() {
      await Promise.all(services.map((service) => service.stop()))
      await Promise.all([simulator?.close(), backEnd?.close(), store.close()])
    },
  }
}

async function createTopics(broker: MemoryBroker, specs: ReturnType<typeof topicSpecs>): Promise<void> {
  const admin = await broker.admin()
  await admin.createTopics(specs)
  await admin.close()
}
