/** What all runs of a process share, because none of it holds any state of a run. */
import { join, resolve } from 'node:path'
import { createCodec, createFolderRegistry, loadSchemas, type Codec, type SchemaRegistry } from '@concord/contracts'
import { roster, serviceNames, topicSpecs, type ServiceName } from '@concord/dev-env'
import { loadDomain, type Domain } from '@concord/domain'
import { createMetrics, type Metrics } from '@concord/telemetry'
import { createModelAnswers, type ModelAnswers } from './model-answers.ts'
import { createJudge, type Judge } from './check/judge.ts'

export interface Fixtures {
  domain: Domain
  registry: SchemaRegistry
  codec: Codec
  metrics: Record<ServiceName, Metrics>
  /** Topics with their readers. */
  topics(partitions: number): ReturnType<typeof topicSpecs>
  /** Full names of the topics that a group reads. */
  consumed: Record<ServiceName, readonly string[]>
  judge: Judge
  answers: ModelAnswers
}

const shopFolder = join(resolve(import.meta.dirname, '../..'), 'domains', 'shop')

export async function loadFixtures(folder = shopFolder): Promise<Fixtures> {
  const schemas = loadSchemas()
  const registry = createFolderRegistry(schemas)
  const domain = await loadDomain(folder)
  const none = { read: refuse, write: refuse, operation: refuse }
  const readers = roster({ domain, tools: none })
  const consumed = byService((name) => readers.find((reader) => reader.name === name)?.consumes.map((topic) => topic.name) ?? [])
  return {
    domain,
    registry,
    codec: sharing(createCodec({ registry, schemas })),
    metrics: byService((name) => createMetrics(name)),
    topics: (partitions) => topicSpecs(readers, partitions),
    consumed,
    judge: createJudge({ domain, consumed }),
    answers: createModelAnswers(),
  }
}

const refuse = async (): Promise<never> => Promise.reject(new Error('nobody asks the back end here'))

const byService = <T>(make: (name: ServiceName) => T): Record<ServiceName, T> =>
  Object.fromEntries(serviceNames.map((name) => [name, make(name)])) as Record<ServiceName, T>

/** Reads each value once for all who read it. Whoever changed what was read would change it for all, so it is frozen. */
function sharing(codec: Codec): Codec {
  const read = new WeakMap<Buffer, Promise<unknown>>()
  return {
    ...codec,
    decode<T>(topic: Parameters<Codec['decode']>[0], bytes: Buffer | null): Promise<T> {
      const known = bytes === null ? undefined : read.get(bytes)
      if (known !== undefined) return known as Promise<T>
      const reading = codec.decode(topic, bytes).then(frozen)
      reading.catch(() => undefined)
      if (bytes !== null) read.set(bytes, reading)
      return reading as Promise<T>
    },
  }
}

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const part of Object.values(value)) frozen(part)
  }
  return value
}
