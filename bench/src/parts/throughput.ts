/** Parts a and b: requests a second through two bare relays and through the constellation, in turn. */
import { serviceNames } from '@concord/dev-env'
import type { BenchConfig } from '../config.ts'
import { figure, type Figure } from '../figures.ts'
import { flowStart } from '../load/flow.ts'
import { chain, hopTopic } from '../load/relay-plan.ts'
import { checkAnswered, customerRequests, plainRequests } from '../load/requests.ts'
import { cpuDuring } from '../load/usage.ts'
import { startServiceHost, startWorker, type Worker } from '../load/worker.ts'
import type { World } from '../load/world.ts'

/** Requests of one round. */
const counts = { chain: 30_000, flow: 6_000, constellation: 2_500, warmUp: 500 }
export const chainBytes = 800
/** Messages in flight in each service. The manifests' own 32 and 64 are made for models that take seconds. */
export const concurrency = 128

export interface Throughput {
  /** Requests a second. */
  chain: Figure
  flow: Figure
  /** All services in one process. */
  together: Figure
  /** A process for each service. */
  apart: Figure
  /** Processor time for one request of `together`, in milliseconds: services, Kafka, Redis. */
  cpuMs: { services: number; kafka: number; redis: number }
}

type Way = 'chain' | 'flow' | 'together' | 'apart'

/** A process of a relay or some of services live only while they are measured, so that none idles beside another. */
export async function measureThroughput(
  world: World,
  { rounds, scale }: BenchConfig,
  log: (line: string) => void,
): Promise<Throughput> {
  const taken: Record<Way, number[]> = { chain: [], flow: [], together: [], apart: [] }
  const cpu: Throughput['cpuMs'][] = []
  for (let round = 0; round < rounds; round++) {
    for (const way of ['chain', 'flow', 'together', 'apart'] as const) {
      const workers = await start(way, world)
      try {
        const { perSecond, cpuMs } = await once(way, world, workers, scale)
        taken[way].push(perSecond)
        if (way === 'together') cpu.push(cpuMs)
        log(`throughput, round ${round + 1}: ${way} ${Math.round(perSecond)} requests a second; cpu ms: ${JSON.stringify(cpuMs)}`)
      } finally {
        await Promise.all(workers.map((worker) => worker.stop()))
      }
    }
  }
  const typical = (name: keyof Throughput['cpuMs']): number => figure(cpu.map((one) => one[name])).median
  return {
    chain: figure(taken.chain),
    flow: figure(taken.flow),
    together: figure(taken.together),
    apart: figure(taken.apart),
    cpuMs: { services: typical('services'), kafka: typical('kafka'), redis: typical('redis') },
  }
}

/** Many services in one process run as the relays do, without the bounds that one service has. */
function start(way: Way, { brokers, parts, flow }: World): Promise<Worker[]> {
  switch (way) {
    case 'chain':
      return all(startWorker('relay', { brokers, stages: chain() }))
    case 'flow':
      return all(startWorker('relay', { brokers, stages: flow.stages }))
    case 'together':
      return all(startWorker('host', { parts, services: serviceNames, concurrency }))
    case 'apart':
      return all(...serviceNames.map((service) => startServiceHost({ parts, service, concurrency })))
  }
}

const all = (...workers: Promise<Worker>[]): Promise<Worker[]> => Promise.all(workers)

async function once(way: Way, world: World, workers: readonly Worker[], scale: number) {
  const { driver, codec, pids } = world
  const burst = async (count: number) => {
    if (way === 'chain') return driver.burst(hopTopic(0), plainRequests(count, chainBytes))
    const requests = await customerRequests(codec, count)
    return driver.burst(way === 'flow' ? flowStart : 'concord.requests.v1', requests)
  }
  const size = way === 'chain' || way === 'flow' ? way : 'constellation'
  const count = Math.max(50, Math.round(counts[size] * scale))
  await burst(Math.round(counts.warmUp * Math.min(1, scale)))
  const measured = { services: workers.map(({ pid }) => pid), kafka: [pids.kafka], redis: [pids.redis] }
  const { result, cpuMs } = await cpuDuring(measured, () => burst(count))
  if (size === 'constellation') await checkAnswered(codec, result.values)
  const each = (ms: number): number => ms / count
  return {
    perSecond: (count * 1_000) / result.ms,
    cpuMs: { services: each(cpuMs.services), kafka: each(cpuMs.kafka), redis: each(cpuMs.redis) },
  }
}
