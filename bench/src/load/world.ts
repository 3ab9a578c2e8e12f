/** Kafka, the registry and Redis of a run's own, with every topic that it needs. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createCodec, createConfluentRegistry, loadSchemas, systemClock, type Codec } from '@concord/contracts'
import { topicSpecs } from '@concord/dev-env'
import { installRealParts, startKafka, startRedis, startRegistry, type RealPart } from '@concord/dev-env/real'
import { applySchemas, applyTopics, readersOf } from '@concord/dev-env/up'
import { domainFolder } from '../workload.ts'
import { openDriver, type Driver } from './driver.ts'
import { flowEnd, readFlow, type Flow } from './flow.ts'
import type { PartVariables } from './host-options.ts'
import { chain, hops, hopTopic, topicsOf } from './relay-plan.ts'

export const partitions = 6

export interface World {
  brokers: string[]
  parts: PartVariables
  codec: Codec
  flow: Flow
  driver: Driver
  /** Process ids of what runs beside the measured processes. */
  pids: { kafka: number; redis: number }
  createTopic(topic: string, count: number): Promise<void>
  close(): Promise<void>
}

/** What was opened before something failed is closed again. */
export async function openWorld(log: (line: string) => void): Promise<World> {
  await installRealParts({ log })
  const flow = await readFlow()
  log(`one request: ${flow.messages} messages, ${flow.bytes} bytes`)
  await using opening = new AsyncDisposableStack()
  const dir = await mkdtemp(join(tmpdir(), 'concord-bench-'))
  opening.defer(() => rm(dir, { recursive: true, force: true }))
  const kafka = endedWith(opening, await startKafka({ dir }))
  const registry = endedWith(opening, await startRegistry({ dir }))
  const redis = endedWith(opening, await startRedis({ dir }))
  const brokers = kafka.address.split(',')
  await prepare(brokers, registry.address, flow)
  const driver = await openDriver(brokers, [hopTopic(hops), flowEnd, 'concord.replies.v1'])
  opening.defer(() => driver.close())

  const open = opening.move()
  return {
    brokers,
    parts: { KAFKA_BROKERS: kafka.address, SCHEMA_REGISTRY_URL: registry.address, REDIS_URL: redis.address },
    codec: createCodec({
      registry: createConfluentRegistry({ url: registry.address, clock: systemClock }),
      schemas: loadSchemas(),
    }),
    flow,
    driver,
    pids: { kafka: kafka.pid, redis: redis.pid },
    createTopic: async (topic, count) => void (await applyTopics(brokers, [{ topic, partitions: count }])),
    close: () => open.disposeAsync(),
  }
}

/** The data goes with the folder, so nothing is gained by a gentle stop. */
function endedWith<P extends RealPart>(stack: AsyncDisposableStack, part: P): P {
  stack.defer(() => part.stop('SIGKILL'))
  return part
}

async function prepare(brokers: string[], registryUrl: string, { stages }: Flow): Promise<void> {
  const relayTopics = [...topicsOf(chain()), ...topicsOf(stages)].map((topic) => ({ topic, partitions }))
  await applyTopics(brokers, [...topicSpecs(await readersOf(domainFolder), partitions), ...relayTopics])
  await applySchemas(registryUrl)
}
