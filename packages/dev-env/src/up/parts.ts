/** Kafka, the registry and Redis: those that the environment names, else Docker Compose's, else processes of this machine. */
import { Fault } from '@concord/contracts'
import { installRealParts } from '../real/install.ts'
import { startKafka } from '../real/kafka.ts'
import { brokerNames } from '../real/kafka-settings.ts'
import { startRedis } from '../real/redis.ts'
import { startRegistry } from '../real/registry.ts'
import { composeAddresses, composeUp, dockerAnswers, type ComposePart } from './compose.ts'
import { folderOf, type Part, type PartName } from './run-folder.ts'

/** The variable that carries each part's address. */
export const variableOf = { kafka: 'KAFKA_BROKERS', registry: 'SCHEMA_REGISTRY_URL', redis: 'REDIS_URL' } as const

/** Taken where they are free, so that other tools find them at their usual places. */
const usualPorts = { kafka: 9092, registry: 8081, redis: 6379 }
const names = Object.keys(variableOf) as ComposePart[]

export interface PartsOptions {
  dir: string
  env: NodeJS.ProcessEnv
  /** Of Kafka, where it is started here for the first time. */
  brokers: 1 | 3
  /** As they were when they were started before; a part keeps its address, which the services know. */
  before: readonly Part[]
  /** Names of the processes that still run. */
  running: ReadonlySet<string>
  tell(line: string): void
}

/** Starts what is missing. */
export async function startParts(options: PartsOptions): Promise<Part[]> {
  const { env, before, running, tell } = options
  const given = new Map(names.flatMap((name) => (env[variableOf[name]] ? [[name, env[variableOf[name]] as string]] : [])))
  const wanted = names.filter((name) => !given.has(name))
  const known = (name: ComposePart) => before.find((part) => part.name === name && part.by !== 'given')
  const compose = wanted.filter((name) => known(name)?.by === 'compose')
  const fresh = wanted.filter((name) => known(name) === undefined)
  const forDocker = fresh.filter((name) => name !== 'kafka' || options.brokers === 1)
  if (forDocker.length > 0 && (await dockerAnswers())) compose.push(...forDocker)
  const native = wanted.filter((name) => !compose.includes(name))

  if (compose.length > 0) {
    tell(`starting ${compose.join(', ')} with Docker Compose`)
    await composeUp(compose)
  }
  const isUp = (name: ComposePart) => isRunning(name, known(name), running)
  if (native.some((name) => !isUp(name))) await installRealParts({ log: tell })
  const started = await Promise.all(
    native.map(async (name): Promise<Part> => {
      const old = known(name)
      if (old !== undefined && isUp(name)) return old
      tell(`starting ${name}`)
      const address = await start(name, old, options)
      if (old !== undefined && address !== old.address) throw portTaken(name, old.address)
      return { name, by: 'native', address }
    }),
  )
  return [
    ...[...given].map(([name, address]): Part => ({ name, by: 'given', address })),
    ...compose.map((name): Part => ({ name, by: 'compose', address: composeAddresses[name] })),
    ...started,
  ]
}

/** Whether every process of the part runs: Kafka may be several. */
export function isRunning(name: PartName, part: Pick<Part, 'address'> | undefined, running: ReadonlySet<string>): boolean {
  if (name !== 'kafka') return running.has(name)
  return part !== undefined && brokerNames(brokersOf(part)).every((broker) => running.has(broker))
}

/** How many brokers its address names. */
export const brokersOf = ({ address }: Pick<Part, 'address'>): number => address.split(',').length

async function start(name: ComposePart, old: Part | undefined, options: PartsOptions): Promise<string> {
  const { brokers, running } = options
  const port = old === undefined ? usualPorts[name] : portOf(old.address)
  const shared = { dir: folderOf(options.dir, 'parts'), port, detached: true }
  switch (name) {
    case 'kafka': {
      const count = old === undefined ? brokers : brokersOf(old) === 1 ? 1 : 3
      return (await startKafka({ ...shared, brokers: count, running })).address
    }
    case 'registry':
      return (await startRegistry(shared)).address
    case 'redis':
      return (await startRedis(shared)).address
  }
}

function portOf(address: string): number {
  return Number(/:(\d+)/.exec(address.replace(/^\w+:\/\//, ''))?.[1] ?? 0)
}

function portTaken(name: string, address: string): Fault {
  return new Fault('invalid_config', `${name} was at ${address}, where something else listens now.`, {
    mend: 'Run ./concord down and ./concord up.',
  })
}
