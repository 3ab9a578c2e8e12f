import { Fault, type Clock, type FaultCode, type Random } from '@concord/contracts'
import type { Logger, Metrics } from '@concord/telemetry'
import { backOff } from './back-off.ts'
import type { Deps } from './deps.ts'

/** `state` is what the store should hold: a process without it has to rebuild it first. */
export const dependencyNames = ['broker', 'registry', 'store', 'model', 'state'] as const
export type DependencyName = (typeof dependencyNames)[number]

/** What this service needs and whether it answers. */
export interface Dependencies {
  /** @returns whether the fault says that a dependency is away, without which nothing can be handled. It is then asked until it answers. */
  report(fault: Fault): boolean
  /** Those that do not answer. */
  missing(): DependencyName[]
  /** Asks each once, and resolves when all that handling needs have answered. Rejects with the signal's reason. */
  available(signal: AbortSignal): Promise<void>
}

export interface DependenciesOptions {
  pings: Readonly<Record<DependencyName, () => Promise<void>>>
  clock: Clock
  random: Random
  log: Logger
  metrics: Metrics
  /** Ends the asking. */
  signal: AbortSignal
  onMissing(name: DependencyName): void
  onBack(name: DependencyName): void
}

const absentBy: Partial<Record<FaultCode, DependencyName>> = {
  broker_unavailable: 'broker',
  registry_unavailable: 'registry',
  store_unavailable: 'store',
  state_lost: 'state',
  model_unavailable: 'model',
}

export function createDependencies(options: DependenciesOptions): Dependencies {
  const { pings, clock, random, log, metrics, signal } = options
  const missing = new Map<DependencyName, Promise<void>>()

  /** Asks, with back-off, until it answers. */
  async function awaitAnswer(name: DependencyName): Promise<void> {
    for (let attempt = 1; !signal.aborted; attempt++) {
      try {
        await pings[name]()
        return
      } catch (error) {
        log.debug({ dependency: name, attempt, error }, 'a dependency does not answer')
        await clock.sleep(100 + backOff(attempt, random, { firstMs: 200, mostMs: 5_000 }), signal).catch(() => undefined)
      }
    }
  }

  async function comeBack(name: DependencyName): Promise<void> {
    await awaitAnswer(name)
    missing.delete(name)
    metrics.missing.set({ dependency: name }, 0)
    if (signal.aborted) return
    log.info({ dependency: name }, name === 'state' ? 'what the store holds is all there is again' : 'a dependency answers again')
    options.onBack(name)
  }

  function miss(name: DependencyName, fault: Fault): void {
    if (missing.has(name) || signal.aborted) return
    metrics.missing.set({ dependency: name }, 1)
    const said = name === 'state' ? 'what the store holds may not be all there is' : 'a dependency does not answer'
    log.warn({ dependency: name, error: fault }, said)
    options.onMissing(name)
    missing.set(name, comeBack(name))
  }

  async function ask(name: DependencyName): Promise<void> {
    try {
      await pings[name]()
    } catch (error) {
      miss(name, Fault.from(error))
    }
  }

  return {
    report(fault) {
      const name = absentBy[fault.code]
      if (name === undefined) return false
      miss(name, fault)
      return name !== 'model'
    },
    missing: () => [...missing.keys()],
    async available(giveUp) {
      await Promise.all(dependencyNames.map(ask))
      for (let left = needed(missing); left.length > 0; left = needed(missing)) await Promise.all(left)
      giveUp.throwIfAborted()
    },
  }
}

/** A service without its model can still publish what it has, and say that it cannot answer. */
function needed(missing: ReadonlyMap<DependencyName, Promise<void>>): Promise<void>[] {
  return [...missing].filter(([name]) => name !== 'model').map(([, back]) => back)
}

/** How each dependency is asked whether it answers. @param recover rebuilds the state, where it is lost */
export function pingsOf(deps: Deps, usesModel: boolean, recover: () => Promise<void>): DependenciesOptions['pings'] {
  return {
    async broker() {
      const admin = await deps.broker.admin()
      try {
        await admin.listTopics()
      } finally {
        await admin.close()
      }
    },
    registry: () => deps.registry.ping(),
    store: () => deps.store.ping(),
    model: async () => (usesModel ? deps.pingModel?.() : undefined),
    state: recover,
  }
}
