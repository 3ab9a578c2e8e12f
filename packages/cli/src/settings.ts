/** What the CLI takes from its environment. */
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of this checkout. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..')

export interface Settings {
  tenantId: string
  domainFolder: string
  /** Undefined: the simulator. */
  model: { baseURL: string; apiKey: string; model: string } | undefined
  kafkaBrokers: string[] | undefined
  registryUrl: string | undefined
  redisUrl: string | undefined
}

export function settings(env: NodeJS.ProcessEnv = process.env): Settings {
  const { OPENAI_BASE_URL: baseURL, OPENAI_API_KEY: apiKey, CONCORD_MODEL: model } = env
  return {
    tenantId: env['CONCORD_TENANT'] ?? 'default',
    domainFolder: resolve(env['CONCORD_DOMAIN'] ?? join(root, 'domains', 'shop')),
    model: baseURL === undefined || baseURL === '' ? undefined : { baseURL, apiKey: apiKey ?? 'none', model: model ?? 'default' },
    kafkaBrokers: env['KAFKA_BROKERS']?.split(',').filter((broker) => broker !== ''),
    registryUrl: env['SCHEMA_REGISTRY_URL'],
    redisUrl: env['REDIS_URL'],
  }
}
