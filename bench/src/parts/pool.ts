/** Part c: how much of its concurrency the pool uses on one partition, against what is possible and against bare kafkajs. */
import { Kafka, logLevel } from 'kafkajs'
import type { BenchConfig } from '../config.ts'
import { figure, type Figure } from '../figures.ts'
import type { PoolOptions, PoolResult } from '../load/pool-options.ts'
import { startWorker } from '../load/worker.ts'
import type { World } from '../load/world.ts'

export const pool = { count: 5_000, workMs: 100, keys: 1_000, concurrency: 100 }
/** Of them, those that bare kafkajs handles here: it takes them one after the other, and all would last for minutes. */
const bareCount = 100

export interface Pool {
  /** The least time that the messages can take, in milliseconds. */
  leastMs: number
  /** Time that they took, in milliseconds. */
  tookMs: Figure
  /** Least time as a share of the time taken, 0 to 1. */
  used: Figure
  /** Most messages under way at once. */
  most: number
  /** Mean time of one piece of work. */
  pieceMs: number
  /** For so many as were given to ours, reckoned from the share of them that was measured. Milliseconds. */
  bareMs: number
  bareCount: number
}

export async function measurePool(world: World, { rounds, scale }: BenchConfig, log: (line: string) => void): Promise<Pool> {
  const { brokers } = world
  const count = Math.max(pool.concurrency, Math.round(pool.count * scale))
  const leastMs = (count * pool.workMs) / pool.concurrency
  const topic = 'bench.pool'
  await world.createTopic(topic, 1)
  await fill(brokers, topic, count)
  const run = (engine: PoolOptions['engine'], number: number, of: number) =>
    workedOff({ brokers, topic, engine, group: `${topic}-${engine}-${number}`, count: of, ...timing })

  const taken: PoolResult[] = []
  for (let round = 0; round < rounds; round++) {
    taken.push(await run('concord', round, count))
    log(`pool, round ${round + 1}: ${Math.round(taken.at(-1)?.ms ?? 0)} ms for ${count} messages, ${leastMs} ms at least`)
  }
  const bare = await run('kafkajs', 0, bareCount)
  log(`pool: bare kafkajs ${Math.round(bare.ms)} ms for ${bareCount}, at most ${bare.most} at once`)
  return {
    leastMs,
    tookMs: figure(taken.map(({ ms }) => ms)),
    used: figure(taken.map(({ ms }) => leastMs / ms)),
    most: Math.max(...taken.map(({ most }) => most)),
    pieceMs: figure(taken.map(({ pieceMs }) => pieceMs)).median,
    bareMs: (bare.ms * count) / bareCount,
    bareCount,
  }
}

const timing = { workMs: pool.workMs, concurrency: pool.concurrency }

async function workedOff(options: PoolOptions): Promise<PoolResult> {
  const worker = await startWorker('pool', options)
  try {
    return (await worker.next()) as PoolResult
  } finally {
    await worker.stop()
  }
}

/** Each key equally often, in the order of a fixed shuffle. */
async function fill(brokers: string[], topic: string, count: number): Promise<void> {
  const producer = new Kafka({ brokers, clientId: 'bench-pool', logLevel: logLevel.NOTHING }).producer()
  await producer.connect()
  const messages = shuffled(count).map((number) => ({
    key: `key-${number % pool.keys}`,
    value: `message ${number}`,
    partition: 0,
  }))
  for (let first = 0; first < count; first += 1_000)
    await producer.send({ topic, acks: -1, messages: messages.slice(first, first + 1_000) })
  await producer.disconnect()
}

/** The numbers below `count` in an order that is the same each time: Fisher and Yates' shuffle over a small generator. */
export function shuffled(count: number): number[] {
  const numbers = Array.from({ length: count }, (_, number) => number)
  let seed = 42
  for (let at = count - 1; at > 0; at--) {
    seed = (seed * 1_664_525 + 1_013_904_223) % 2 ** 32
    const other = Math.floor((seed / 2 ** 32) * (at + 1))
    ;[numbers[at], numbers[other]] = [numbers[other] ?? 0, numbers[at] ?? 0]
  }
  return numbers
}
