/** Kafka, the registry and Redis: those that the environment names, else Docker Compose's, else processes of this machine. */
import { Fault } from '@concord/contracts'
import { installRealParts } from '../real/install.ts'
import { startKafka } from '../real/kafka.ts'
import { startRedis } from '../real/redis.ts'
import { startRegistry } from '../real/registry.ts'
import { composeAddresses, composeUp, dockerAnswers, type ComposePart } from './compose.ts'
import { folderOf, type Part } from './run-folder.ts'

/** The variable that carries each part's address. */
export const variableOf = { kafka: 'KAFKA_BROKERS', registry: 'SCHEMA_REGISTRY_URL', redis: 'REDIS_URL' } as const

const starters = { kafka: startKafka, registry: startRegistry, redis: startRedis }
/** Taken where they are free, so that other tools find them at their usual places. */
const usualPorts = { kafka: 9092, registry: 8081, redis: 6379 }
const names = Object.keys(variableOf) as ComposePart[]

export interface PartsOptions {
  dir: string
  env: NodeJS.ProcessEnv
  /** As they were when they were started before; a part keeps its address, which the services know. */
  before: readonly Part[]
  /** Names of the processes that still run. */
  running: ReadonlySet<string>
  tell(line: string): void
}

/** Starts what is missing. */
export async function startParts({ dir, env, before, running, tell }: PartsOptions): Promise<Part[]> {
  const given = new Map(names.flatMap((name) => (env[variableOf[name]] ? [[name, env[variableOf[name]] as string]] : [])))
  const wanted = names.filter((name) => !given.has(name))
  const known = (name: ComposePart) => before.find((part) => part.name === name && part.by !== 'given')
  const compose = wanted.filter((name) => known(name)?.by === 'compose')
  const fresh = wanted.filter((name) => known(name) === undefined)
  if (fresh.length > 0 && (await dockerAnswers())) compose.push(...fresh)
  const native = wanted.filter((name) => !compose.includes(name))

  if (compose.length > 0) {
    tell(`starting ${compose.join(', ')} with Docker Compose`)
    await composeUp(compose)
  }
  if (native.some((name) => !running.has(name))) await installRealParts({ log: tell })
  const started = await Promise.all(
    native.map(async (name): Promise<Part> => {
      const old = known(name)
      if (old !== undefined && running.has(name)) return old
      tell(`starting ${name}`)
      const port = old === undefined ? usualPorts[name] : portOf(old.address)
      const { address } = await starters[name]({ dir: folderOf(dir, 'parts'), port, detached: true })
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

function portOf(address: string): number {
  return Number(/:(\d+)/.exec(address.replace(/^\w+:\/\//, ''))?.[1] ?? 0)
}

function portTaken(name: string, address: string): Fault {
  return new Fault('invalid_config', `${name} was at ${address}, where something else listens now.`, {
    mend: 'Run ./concord down and ./concord up.',
  })
}
