/** What befalls the services themselves. */
import { setTimeout as sleep } from 'node:timers/promises'
import { serviceNames, type ServiceName } from '@concord/dev-env'
import type { Replica } from '@concord/dev-env/up'
import { storm } from '../scene/storm.ts'
import { replicaOf, type Fault, type Scene } from './fault.ts'

/** Long enough for the other replica to notice what it can notice at once. Milliseconds. */
const deadMs = 2_000
/** Beyond the session's time-out of 10 s: the group has gone on without the member. */
const frozenMs = 16_000
const stormMs = 20_000

async function killAndStart({ services }: Scene, replica: Replica): Promise<void> {
  await services.kill(replica)
  await sleep(deadMs)
  await services.start(replica)
}

const kill = (service: ServiceName): Fault => ({
  name: `kill-${service}`,
  what: `SIGKILL of one replica of ${service}, started again`,
  strike: (scene) => killAndStart(scene, replicaOf(scene, service)),
})

const killBoth: Fault = {
  name: 'kill-all',
  what: 'SIGKILL of every replica at once, all started again',
  async strike(scene) {
    await Promise.all(scene.services.replicas.map((replica) => scene.services.kill(replica)))
    await sleep(deadMs)
    await Promise.all(scene.services.replicas.map((replica) => scene.services.start(replica)))
  },
}

const rolling: Fault = {
  name: 'rolling-restart',
  what: 'every replica stopped with SIGTERM and started again, one after the other',
  async strike({ services }) {
    for (const replica of services.replicas) {
      await services.end(replica)
      await services.start(replica)
    }
  },
}

const rebalances: Fault = {
  name: 'rebalance-storm',
  what: 'a member joins every group each second and leaves it a second later, for 20 s',
  async strike({ parts, services }) {
    await storm({ brokers: parts.env.KAFKA_BROKERS.split(','), readers: services.readers, ms: stormMs })
  },
}

const freeze = (service: ServiceName): Fault => ({
  name: `freeze-${service}`,
  what: `one replica of ${service} stopped past its session's time-out, then thawed`,
  strike: (scene) => scene.services.freeze(replicaOf(scene, service, 1), frozenMs),
})

export const serviceFaults: Fault[] = [
  ...serviceNames.map(kill),
  killBoth,
  rolling,
  rebalances,
  freeze('triage'),
  freeze('coordinator'),
]
