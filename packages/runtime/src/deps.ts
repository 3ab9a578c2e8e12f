import type { Clock, Codec, Random, SchemaRegistry } from '@concord/contracts'
import type { Broker } from '@concord/messaging'
import type { Model, ModelCallRecord } from '@concord/model'
import type { Store } from '@concord/store'
import type { Logger, Metrics } from '@concord/telemetry'
import type { Limiter, Rate } from './limiter/index.ts'

/** All that a service touches of the world. */
export interface Deps {
  broker: Broker
  registry: SchemaRegistry
  codec: Codec
  store: Store
  model: Model
  /** The record of a rejected call of the model, handed out once. Without it only calls with an answer are recorded. */
  failedCall?(callId: string): ModelCallRecord | undefined
  /** Resolves when the model's endpoint answers. Without it nobody asks before a call is made. */
  pingModel?(): Promise<void>
  /** @param name the same in every replica that shares the rate */
  createLimiter(name: string, rate: Rate): Limiter
  clock: Clock
  random: Random
  log: Logger
  /** Of this service alone, also where many share a process. */
  metrics: Metrics
}

/** How one replica runs. */
export interface RunConfig {
  /** Tells this replica from the others of its service; `<name>-<pid>` by default. */
  clientId?: string
  /** Instead of the manifest's. */
  concurrency?: number
  /** Instead of the manifest's. */
  ratePerSecond?: number
  /** How long remembered results and ended cases are kept. 24 hours by default. */
  horizonMs?: number
  /** How long work in flight may go on once the replica is told to end. 5,000 by default. */
  drainBudgetMs?: number
  /** How often cases are searched for deadlines that have come. 250 by default. */
  sweepMs?: number
}

/** A service at work in this process. */
export interface Running {
  readonly name: string
  /** Resolves when it consumes. Rejects, with `schema_unregistered` or what else time does not mend, when it never will. */
  readonly started: Promise<void>
  /** What it waits for, by name; empty when it is ready. */
  missing(): string[]
  /** Progress, not mere life. */
  health(): { ok: boolean; reason?: string }
  /** Its figures now, in Prometheus' text format. */
  scrape(): Promise<string>
  /** Finishes what is in flight, commits, leaves the group and closes what it opened itself. */
  stop(): Promise<void>
}
