/** Handles messages that each take a fixed time, and says how long all of them took. */
import { setTimeout as sleep } from 'node:timers/promises'
import { systemClock } from '@concord/contracts'
import { createDelivery, createKafkaBroker } from '@concord/messaging'
import { Kafka, logLevel } from 'kafkajs'
import type { PoolOptions, PoolResult } from '../load/pool-options.ts'
import { tell, untilTold, workerOptions } from './worker-side.ts'

const options = workerOptions<PoolOptions>()
tell('ready')
const work = measuredWork(options)
untilTold(options.engine === 'concord' ? await runOurs() : await runBare())
tell(await work.all)

async function runOurs(): Promise<() => Promise<void>> {
  const { brokers, group, topic, concurrency } = options
  const delivery = createDelivery({
    broker: createKafkaBroker({ brokers, clientId: group }),
    group,
    clientId: group,
    topics: [topic],
    assignment: 'spread',
    concurrency,
    clock: systemClock,
    async handle() {
      await work.one()
      return { kind: 'done' }
    },
  })
  await delivery.start()
  return () => delivery.drain()
}

async function runBare(): Promise<() => Promise<void>> {
  const { brokers, group, topic, concurrency } = options
  const consumer = new Kafka({ brokers, clientId: group, logLevel: logLevel.ERROR }).consumer({ groupId: group })
  await consumer.connect()
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  await consumer.run({ partitionsConsumedConcurrently: concurrency, eachMessage: () => work.one() })
  return () => consumer.disconnect()
}

function measuredWork({ count, workMs }: PoolOptions) {
  const { promise: all, resolve } = Promise.withResolvers<PoolResult>()
  let startedAt = Number.NaN
  let done = 0
  let running = 0
  let most = 0
  let spent = 0
  return {
    all,
    async one(): Promise<void> {
      const from = performance.now()
      if (Number.isNaN(startedAt)) startedAt = from
      most = Math.max(most, ++running)
      await sleep(workMs)
      running--
      spent += performance.now() - from
      if (++done === count) resolve({ ms: performance.now() - startedAt, most, pieceMs: spent / count })
    },
  }
}
