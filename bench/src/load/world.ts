/** Kafka, the registry and Redis of a run's own, with every topic that it needs. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createCodec, createConfluentRegistry, loadSchemas, systemClock, type Codec } from '@concord/contracts'
import { topicSpecs } from '@concord/dev-env'
import { installRealParts, startKafka, startRedis, startRegistry } from '@concord/dev-env/real'
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

export async function openWorld(log: (line: string) => void): Promise<World> {
  await installRealParts({ log })
  const flow = await readFlow()
  log(`one request: ${flow.messages} messages, ${flow.bytes} bytes`)
  const dir = await mkdtemp(join(tmpdir(), 'concord-bench-'))
  const [kafka, registry, redis] = await Promise.all([startKafka({ dir }), startRegistry({ dir }), startRedis({ dir })])
  const brokers = kafka.address.split(',')
  const createTopics = (topics: readonly string[], count: number) =>
    applyTopics(
      brokers,
      topics.map((topic) => ({ topic, partitions: count })),
    )
  await applyTopics(brokers, topicSpecs(await readersOf(domainFolder), partitions))
  await createTopics([...topicsOf(chain()), ...topicsOf(flow.stages)], partitions)
  await applySchemas(registry.address)
  const driver = await openDriver(brokers, [hopTopic(hops), flowEnd, 'concord.replies.v1'])

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
    createTopic: async (topic, count) => void (await createTopics([topic], count)),
    async close() {
      await driver.close()
      await Promise.all([kafka, registry, redis].map((part) => part.stop('SIGKILL')))
      await rm(dir, { recursive: true, force: true })
    },
  }
}
