/** Three brokers, the registry and Redis as processes of this run, each behind a path that can be cut. */
import { mkdir, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { lastingPort, startKafka, startRedis, startRegistry, type RealPart } from '@concord/dev-env/real'
import { startPath, type Path } from '@concord/testing'

export interface Parts {
  brokers: readonly RealPart[]
  registry: RealPart
  redis: RealPart
  /** What `redis` keeps on disk. */
  redisData: string
  paths: { brokers: readonly Path[]; registry: Path; redis: Path }
  /** Names the paths, as a service's environment does. */
  env: { KAFKA_BROKERS: string; SCHEMA_REGISTRY_URL: string; REDIS_URL: string }
  stop(): Promise<void>
}

/** @param dir for logs and data */
export async function startParts(dir: string): Promise<Parts> {
  const brokerPaths: Path[] = []
  const advertise = async (address: string): Promise<string> => {
    const path = await startPath(address)
    brokerPaths.push(path)
    return path.url
  }
  const [kafka, registry, redis] = await allOrNone([
    startKafka({ dir, brokers: 3, advertise }),
    lastingPort().then((port) => startRegistry({ dir, port })),
    lastingPort().then((port) => startRedis({ dir, port })),
  ])
  const paths = { brokers: brokerPaths, registry: await startPath(registry.address), redis: await startPath(redis.address) }
  return {
    brokers: kafka.nodes,
    registry,
    redis,
    redisData: join(dir, 'redis-data'),
    paths,
    env: { KAFKA_BROKERS: kafka.address, SCHEMA_REGISTRY_URL: paths.registry.url, REDIS_URL: paths.redis.url },
    async stop() {
      for (const path of [...paths.brokers, paths.registry, paths.redis]) path.close()
      await Promise.all([kafka.stop('SIGKILL'), registry.stop('SIGKILL'), redis.stop('SIGKILL')])
    },
  }
}

/** When one cannot be started, those that were are ended again. */
async function allOrNone<const T extends readonly Promise<RealPart>[]>(starting: T): Promise<{ [K in keyof T]: Awaited<T[K]> }> {
  try {
    return await Promise.all(starting)
  } catch (error) {
    const settled = await Promise.allSettled(starting)
    const started = settled.filter((part) => part.status === 'fulfilled').map(({ value }) => value)
    await Promise.all(started.map((part) => part.stop('SIGKILL')))
    throw error
  }
}

/** Everything that Redis holds is gone, and its process goes on. */
export async function flushRedis({ redis }: Parts): Promise<void> {
  const socket = connect(Number(new URL(redis.address).port), '127.0.0.1')
  try {
    const answer = await new Promise<string>((resolve, reject) => {
      socket.once('error', reject)
      socket.once('data', (bytes) => resolve(bytes.toString()))
      socket.write('FLUSHALL\r\n')
    })
    if (!answer.startsWith('+OK')) throw new Error(`Redis does not flush: ${answer.trim()}`)
  } finally {
    socket.destroy()
  }
}

/** Redis dies, and comes back with nothing. */
export async function emptyRedis({ redis, redisData }: Parts): Promise<void> {
  await redis.stop('SIGKILL')
  await rm(redisData, { recursive: true })
  await mkdir(redisData)
  await redis.restart()
}
