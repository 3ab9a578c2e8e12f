/** What befalls what the services stand on. Whatever they lose by it shows as a cut connection, or as a loss of the store. */
import { cp, rm } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RealPart } from '@concord/dev-env/real'
import { emptyRedis, flushRedis, type Parts } from '../scene/parts.ts'
import type { Fault, Scene } from './fault.ts'

const awayMs = 8_000
const cutMs = 3_000
/** Long enough for a rebuild to be under way, or just done. */
const betweenLossesMs = 4_000

async function restart({ services }: Scene, part: RealPart | undefined, signal: NodeJS.Signals): Promise<void> {
  const from = Date.now()
  await part?.stop(signal)
  await sleep(awayMs)
  await part?.restart()
  services.note('cut connection', null, from)
}

const brokerStopped: Fault = {
  name: 'broker-stop',
  what: 'one broker of three stopped with SIGTERM and started again',
  strike: (scene) => restart(scene, scene.parts.brokers[0], 'SIGTERM'),
}

const brokerKilled: Fault = {
  name: 'broker-kill',
  what: 'one broker of three ended with SIGKILL and started again',
  strike: (scene) => restart(scene, scene.parts.brokers[1], 'SIGKILL'),
}

const allPaths = ({ paths }: Parts) => [...paths.brokers, paths.registry, paths.redis]

const connectionsCut: Fault = {
  name: 'connections-cut',
  what: 'every connection to brokers, registry and Redis cut for 3 s, twice',
  async strike({ parts, services }) {
    for (let time = 0; time < 2; time++) {
      const from = Date.now()
      for (const path of allPaths(parts)) path.cut()
      await sleep(cutMs)
      for (const path of allPaths(parts)) path.mend()
      services.note('cut connection', null, from)
      await sleep(cutMs)
    }
  },
}

/** kafkajs keeps a connection on which requests time out, and sends every retry into it. */
const connectionsSwallow: Fault = {
  name: 'connections-swallow',
  isExtra: true,
  what: 'every connection there is stays open and answers nothing more; new ones work',
  async strike({ parts, services }) {
    const from = Date.now()
    for (const path of allPaths(parts)) path.swallow()
    services.note('cut connection', null, from)
  },
}

const redisRestarted: Fault = {
  name: 'redis-restart',
  what: 'Redis stopped with SIGTERM and started again with its data',
  strike: (scene) => restart(scene, scene.parts.redis, 'SIGTERM'),
}

const redisWiped: Fault = {
  name: 'redis-wiped',
  what: 'FLUSHALL, three times',
  async strike({ parts, services }) {
    for (let time = 0; time < 3; time++) {
      const from = Date.now()
      await flushRedis(parts)
      services.note('store loss', null, from)
      await sleep(betweenLossesMs)
    }
  },
}

const redisEmptied: Fault = {
  name: 'redis-emptied',
  what: 'Redis ended with SIGKILL and started again without its data',
  async strike({ parts, services }) {
    const from = Date.now()
    await emptyRedis(parts)
    services.note('store loss', null, from)
  },
}

const redisRewound: Fault = {
  name: 'redis-rewound',
  what: 'Redis ended with SIGKILL and started again as it was 1 s before',
  async strike({ parts, services }) {
    const copy = `${parts.redisData}-before`
    await cp(parts.redisData, copy, { recursive: true })
    await sleep(1_000)
    const from = Date.now()
    await parts.redis.stop('SIGKILL')
    await rm(parts.redisData, { recursive: true })
    await cp(copy, parts.redisData, { recursive: true })
    await rm(copy, { recursive: true })
    await parts.redis.restart()
    services.note('store loss', null, from)
  },
}

const registryStopped: Fault = {
  name: 'registry-stop',
  what: 'the registry stopped and started again',
  strike: (scene) => restart(scene, scene.parts.registry, 'SIGTERM'),
}

export const partFaults: Fault[] = [
  brokerStopped,
  brokerKilled,
  connectionsCut,
  connectionsSwallow,
  redisRestarted,
  redisWiped,
  redisEmptied,
  redisRewound,
  registryStopped,
]
