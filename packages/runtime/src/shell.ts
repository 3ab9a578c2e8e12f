import { Fault, type Topic } from '@concord/contracts'
import type { Logger } from '@concord/telemetry'
import type { Dependencies } from './dependencies.ts'
import type { Deps, RunConfig } from './deps.ts'
import type { Sender } from './sender.ts'

/** What an agent and a process have in common when they say who they are. */
export interface Manifest {
  readonly name: string
  readonly version: string
  readonly consumes: readonly Topic[]
  readonly produces: readonly Topic[]
}

/** What the steps of a pipeline share. */
export interface Shell {
  readonly manifest: Manifest
  /** The consumer group. */
  readonly group: string
  readonly deps: Deps
  readonly config: Required<Omit<RunConfig, 'concurrency' | 'ratePerSecond'>>
  readonly sender: Sender
  readonly dependencies: Dependencies
  readonly log: Logger
}

export function fullConfig(name: string, config: RunConfig): Shell['config'] {
  return {
    clientId: config.clientId ?? `${name}-${process.pid}`,
    horizonMs: config.horizonMs ?? 24 * 3_600_000,
    drainBudgetMs: config.drainBudgetMs ?? 5_000,
    sweepMs: config.sweepMs ?? 250,
  }
}

/** The consumed topic of that full name. */
export function consumedTopic({ consumes, name }: Manifest, full: string): Topic {
  const topic = consumes.find((one) => one.name === full)
  if (topic === undefined) throw new Fault('internal', `${name} does not consume ${full}.`)
  return topic
}
