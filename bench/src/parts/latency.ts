/** Part d: what the constellation adds to the time of a request when there is little to do. */
import { serviceNames } from '@concord/dev-env'
import type { BenchConfig } from '../config.ts'
import { figure, percentile, type Figure } from '../figures.ts'
import { flowStart } from '../load/flow.ts'
import { checkAnswered, customerRequests } from '../load/requests.ts'
import { startServiceHost, startWorker, type Worker } from '../load/worker.ts'
import type { World } from '../load/world.ts'

export const latencyRate = 20
/** Of one round. */
const seconds = { warmUp: 5, measured: 15 }

export interface Percentiles {
  p50: Figure
  p90: Figure
  p99: Figure
}

export interface Latency {
  /** Milliseconds, of the second relay. */
  relay: Percentiles
  constellation: Percentiles
  /** The difference, round by round. */
  added: Percentiles
  /** Requests of one round. */
  count: number
}

const shares = { p50: 0.5, p90: 0.9, p99: 0.99 } as const
type Share = keyof typeof shares
const names = Object.keys(shares) as Share[]

export async function measureLatency(
  world: World,
  { rounds, scale }: BenchConfig,
  log: (line: string) => void,
): Promise<Latency> {
  const taken: Record<'relay' | 'constellation' | 'added', Record<Share, number>[]> = { relay: [], constellation: [], added: [] }
  const count = Math.max(40, Math.round(latencyRate * seconds.measured * scale))
  for (let round = 0; round < rounds; round++) {
    const relay = await percentilesOf(world, 'relay', count)
    const constellation = await percentilesOf(world, 'constellation', count)
    taken.relay.push(relay)
    taken.constellation.push(constellation)
    taken.added.push(over((name) => constellation[name] - relay[name]))
    log(`latency, round ${round + 1}: relay ${shownAll(relay)}, constellation ${shownAll(constellation)}`)
  }
  const figures = (of: Record<Share, number>[]): Percentiles => over((name) => figure(of.map((one) => one[name])))
  return { relay: figures(taken.relay), constellation: figures(taken.constellation), added: figures(taken.added), count }
}

const over = <T>(value: (name: Share) => T): Record<Share, T> =>
  Object.fromEntries(names.map((name) => [name, value(name)])) as Record<Share, T>

const shownAll = (of: Record<Share, number>): string => names.map((name) => `${name} ${Math.round(of[name])} ms`).join(', ')

/** A process for each service, as in production. */
async function percentilesOf(world: World, way: 'relay' | 'constellation', count: number): Promise<Record<Share, number>> {
  const { driver, codec, brokers, parts, flow } = world
  const workers: Worker[] =
    way === 'relay'
      ? [await startWorker('relay', { brokers, stages: flow.stages })]
      : await Promise.all(serviceNames.map((service) => startServiceHost({ parts, service })))
  const topic = way === 'relay' ? flowStart : 'concord.requests.v1'
  try {
    await driver.paced(topic, await customerRequests(codec, latencyRate * seconds.warmUp), latencyRate)
    const { latencies, values } = await driver.paced(topic, await customerRequests(codec, count), latencyRate)
    if (way === 'constellation') await checkAnswered(codec, values)
    return over((name) => percentile(latencies, shares[name]))
  } finally {
    await Promise.all(workers.map((worker) => worker.stop()))
  }
}
