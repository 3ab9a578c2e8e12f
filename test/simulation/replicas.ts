/** The replicas of a run: started, killed, frozen, and started again as others. */
import { roster, serviceNames, type ServiceName } from '@concord/dev-env'
import type { InProcessBackend } from '@concord/shop/backend/in-process'
import { createLocalLimiter, type Deps, type Limiter, type Rate, type Running } from '@concord/runtime'
import { toolsOf } from './faulty-back-end.ts'
import { brokerOf } from './faulty-broker.ts'
import { modelOf } from './faulty-model.ts'
import { storeOf } from './faulty-store.ts'
import { createLife, type Life } from './life.ts'
import { loggerOf } from './told.ts'
import { callFaults, type CallFault } from './plan.ts'
import type { Stage } from './stage.ts'

export interface Replica {
  life: Life
  running: Running
}

export interface Replicas {
  /** Those that live. */
  all(): Replica[]
  of(service: ServiceName): Replica[]
  start(service: ServiceName): Replica
  /** Ends it as a power cut would. Another is started in its place after a while. */
  kill(life: Life, why: string): void
  /** Lets it drain. */
  stop(replica: Replica): Promise<void>
}

/** Calls that are made all the time meet fewer faults, so that the others get theirs. */
const seldom: Readonly<Record<string, number>> = { 'store.range': 0.1, 'store.ping': 0.3, 'broker.listTopics': 0.3 }
const restartMs = [50, 6_000] as const

export function createReplicas(stage: Stage, backEnd: InProcessBackend): Replicas {
  const { clock, chance, history, evidence, broker, plan } = stage
  const living = new Map<string, Replica>()
  const limiterOf = sharedLimiters(stage)
  let started = 0

  function draw(life: Life, what: string): CallFault | null {
    if (!stage.isRough() || !life.chance.happens(seldom[what] ?? 1)) return null
    const kind = callFaults.find((fault) => stage.draws(life, fault)) ?? null
    if (kind !== null) history.note(life.clientId, `FAULT ${kind}: ${what}`)
    return kind
  }

  function kill(life: Life, why: string): void {
    if (life.isDead()) return
    evidence.disturbances.push({ seq: history.note(life.clientId, `DIES ${why}`), by: life.clientId, kind: 'died' })
    life.die()
    broker.crash(life.clientId)
    living.delete(life.clientId)
    clock.after(chance.whole(...restartMs), () => start(life.service))
  }

  function start(service: ServiceName): Replica {
    const clientId = `${service}-${++started}`
    const life = createLife({ clientId, service, clock, chance: chance.fork(clientId), draw, onDeath: kill })
    history.note(clientId, 'starts')
    const { random, ...deps } = depsOf(life, stage, limiterOf)
    const tools = toolsOf(life, stage, backEnd)
    const found = roster({ domain: stage.fixtures.domain, tools }).find(({ name }) => name === service)
    if (found === undefined) throw new Error(`there is no service ${service}`)
    const { concurrency, ratePerSecond, sweepMs, drainBudgetMs } = plan.settings
    const running = found.run({ ...deps, random }, { clientId, concurrency, ratePerSecond, sweepMs, drainBudgetMs })
    const replica = { life, running }
    living.set(clientId, replica)
    return replica
  }

  for (const service of serviceNames) for (let count = 0; count < plan.settings.scale[service]; count++) start(service)

  return {
    all: () => [...living.values()],
    of: (service) => [...living.values()].filter(({ life }) => life.service === service),
    start,
    kill,
    async stop({ life, running }) {
      living.delete(life.clientId)
      evidence.disturbances.push({ seq: history.note(life.clientId, 'is told to stop'), by: life.clientId, kind: 'stopped' })
      await running.stop()
      history.note(life.clientId, 'has stopped')
    },
  }
}

function depsOf(life: Life, stage: Stage, limiterOf: (life: Life, name: string, rate: Rate) => Limiter): Deps {
  const { fixtures } = stage
  const random = life.chance.fork('random').next
  return {
    broker: brokerOf(life, stage),
    store: storeOf(life, stage),
    registry: fixtures.registry,
    codec: fixtures.codec,
    ...modelOf(life, stage, random),
    createLimiter: (name, rate) => limiterOf(life, name, rate),
    clock: life.clock,
    random,
    log: loggerOf(life.clientId, stage.history),
    metrics: fixtures.metrics[life.service],
  }
}

/** One limiter for each rate, whichever replica asks. It outlives them. */
function sharedLimiters({ clock, evidence, history }: Stage): (life: Life, name: string, rate: Rate) => Limiter {
  const limiters = new Map<string, Limiter>()
  return (life, name, rate) => {
    const limiter = limiters.get(name) ?? createLocalLimiter(rate, { clock })
    limiters.set(name, limiter)
    return {
      acquire: (signal) =>
        life.call(
          'limiter.acquire',
          async () => {
            const waited = await limiter.acquire(signal)
            evidence.granted.push({ seq: history.now(), at: clock.now(), by: life.clientId, limiter: name })
            return waited
          },
          () => new Error('the limiter does not answer'),
        ),
      close: async () => {},
    }
  }
}
