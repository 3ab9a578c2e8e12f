/** What the CLI takes from its environment, and from a constellation that `up` has left running. */
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of this checkout. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..')

export interface Settings {
  tenantId: string
  domainFolder: string
  /** Undefined: the simulator. */
  model: { baseURL: string; apiKey: string; model: string } | undefined
}

export function settings(env: NodeJS.ProcessEnv = process.env): Settings {
  const { OPENAI_BASE_URL: baseURL, OPENAI_API_KEY: apiKey, CONCORD_MODEL: model } = env
  return {
    tenantId: env['CONCORD_TENANT'] || 'default',
    domainFolder: resolve(env['CONCORD_DOMAIN'] || join(root, 'domains', 'shop')),
    model: baseURL ? { baseURL, apiKey: apiKey || 'none', model: model || 'default' } : undefined,
  }
}

/** Where the real parts answer. */
export interface RealAddresses {
  KAFKA_BROKERS: string
  SCHEMA_REGISTRY_URL: string
  REDIS_URL: string
}

/** @returns null when the environment names no brokers. */
export function namedAddresses(env: NodeJS.ProcessEnv = process.env): RealAddresses | null {
  const { KAFKA_BROKERS, SCHEMA_REGISTRY_URL, REDIS_URL } = env
  if (!KAFKA_BROKERS) return null
  return {
    KAFKA_BROKERS,
    SCHEMA_REGISTRY_URL: SCHEMA_REGISTRY_URL || 'http://127.0.0.1:8081/apis/ccompat/v7',
    REDIS_URL: REDIS_URL || 'redis://127.0.0.1:6379',
  }
}
