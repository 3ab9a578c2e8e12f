/** Starts Kafka, the registry and Redis once for all real tests; addresses that the environment gives are used as they are. */

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startKafka } from './kafka.ts'
import { startRedis, type RealPart } from './redis.ts'
import { installRealParts } from './install.ts'
import { startRegistry } from './registry.ts'

const starters = { KAFKA_BROKERS: startKafka, SCHEMA_REGISTRY_URL: startRegistry, REDIS_URL: startRedis }

/** Vitest calls this before the first worker starts, and what it returns after the last has ended. */
export async function setup(): Promise<() => Promise<void>> {
  const missing = Object.entries(starters).filter(([variable]) => !process.env[variable])
  if (missing.length === 0) return async () => {}

  await installRealParts({ log: (line) => console.error(`real parts: ${line}`) })
  const dir = await mkdtemp(join(tmpdir(), 'concord-real-'))
  const parts = await Promise.allSettled(
    missing.map(async ([variable, start]) => {
      const part = await start({ dir })
      process.env[variable] = part.address
      return part
    }),
  )
  const started = parts.filter((part) => part.status === 'fulfilled').map(({ value }) => value)
  const failed = parts.find((part) => part.status === 'rejected')
  if (failed !== undefined) {
    await end(started, dir)
    throw failed.reason
  }
  return () => end(started, dir)
}

/** The data is thrown away with the directory, so nothing is gained by a gentle stop. */
async function end(parts: RealPart[], dir: string): Promise<void> {
  await Promise.all(parts.map((part) => part.stop('SIGKILL')))
  await rm(dir, { recursive: true, force: true })
}
