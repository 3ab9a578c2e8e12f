/** What a broker and a registry need before the first service starts: the topics and the schemas. */
import { Fault, loadSchemas, registerSchemas, systemClock, type SchemaRegistration } from '@concord/contracts'
import { createHttpTools, loadDomain } from '@concord/domain'
import { createKafkaBroker, type Admin, type TopicSpec } from '@concord/messaging'
import { roster } from '../roster.ts'
import { topicSpecs, type Reader } from '../topics.ts'

/** Enough for two replicas of everything, and few enough for a laptop. */
export const defaultPartitions = 6
const mostReplicas = 3
const registryWaitMs = 60_000
const mostAttempts = 10

/** Which groups read what, as the manifests of the services say. */
export async function readersOf(domainFolder: string): Promise<Reader[]> {
  const domain = await loadDomain(domainFolder)
  const tools = createHttpTools({ baseUrl: 'http://127.0.0.1:0', tools: domain.tools.values(), clock: systemClock })
  return roster({ domain, tools })
}

/** As many copies as brokers are named, three at most; with one named, the brokers' own default. */
export function wantedTopics(readers: readonly Reader[], brokers: readonly string[], partitions: number): TopicSpec[] {
  return topicSpecs(readers, partitions, brokers.length > 1 ? Math.min(mostReplicas, brokers.length) : undefined)
}

/** Creates what is missing. @returns the names it created */
export async function applyTopics(brokers: readonly string[], specs: TopicSpec[]): Promise<string[]> {
  const admin = await createKafkaBroker({ brokers: [...brokers], clientId: 'concord-topics' }).admin()
  try {
    return await createTopics(admin, specs)
  } finally {
    await admin.close()
  }
}

/**
 * A broker that has not heard yet of a topic made through another says that there is no such topic, when it is asked for its leaders. What
 * is there when it is tried again is left as it is.
 */
export async function createTopics(admin: Pick<Admin, 'createTopics' | 'listTopics'>, specs: TopicSpec[]): Promise<string[]> {
  const before = await admin.listTopics()
  for (let attempt = 1; ; attempt++) {
    try {
      await admin.createTopics(specs)
      return specs.map(({ topic }) => topic).filter((topic) => !before.has(topic))
    } catch (error) {
      if (!isUnheardOf(error) || attempt === mostAttempts) throw error
      await systemClock.sleep(100 * attempt)
    }
  }
}

const isUnheardOf = (error: unknown): boolean =>
  error instanceof Error &&
  error.cause instanceof Error &&
  'type' in error.cause &&
  error.cause.type === 'UNKNOWN_TOPIC_OR_PARTITION'

/** Registers every schema, and waits for a registry that is only just starting. @throws Fault `schema_unregistered` naming what was refused */
export async function applySchemas(url: string): Promise<SchemaRegistration[]> {
  const end = performance.now() + registryWaitMs
  for (;;) {
    try {
      const done = await registerSchemas(url, loadSchemas())
      const refused = done.filter(({ outcome }) => outcome === 'refused')
      if (refused.length === 0) return done
      const why = refused.map(({ subject, reasons }) => `${subject}: ${reasons.join('; ')}`).join(' · ')
      throw new Fault('schema_unregistered', `the registry keeps other schemas. ${why}.`, {
        mend: 'Make the change compatible, or give it a new major version.',
      })
    } catch (error) {
      if (Fault.from(error).code !== 'registry_unavailable' || performance.now() > end) throw error
      await systemClock.sleep(500)
    }
  }
}
