/** What a broker and a registry need before the first service starts: the topics and the schemas. */
import { Fault, loadSchemas, registerSchemas, systemClock, type SchemaRegistration } from '@concord/contracts'
import { createHttpTools, loadDomain } from '@concord/domain'
import { createKafkaBroker, type TopicSpec } from '@concord/messaging'
import { roster } from '../roster.ts'
import { topicSpecs, type Reader } from '../topics.ts'

/** Enough for two replicas of everything, and few enough for a laptop. */
export const defaultPartitions = 6
const mostReplicas = 3
const registryWaitMs = 60_000

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
    return await admin.createTopics(specs)
  } finally {
    await admin.close()
  }
}

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
