import type { ServiceName } from '@concord/dev-env'

/** The addresses of the real parts, as variables of the environment. */
export interface PartVariables extends Record<string, string> {
  KAFKA_BROKERS: string
  SCHEMA_REGISTRY_URL: string
  REDIS_URL: string
}

export interface HostOptions {
  parts: PartVariables
  /** Those of one process. */
  services: readonly ServiceName[]
  /** Messages in flight in each; the manifest's own unless given. */
  concurrency?: number
}
