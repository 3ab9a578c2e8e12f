import { createCodec, createConfluentRegistry, loadSchemas, systemClock } from '@concord/contracts'
import { createCoordinator } from '@concord/dev-env'
import { readersOf, runFolder } from '@concord/dev-env/up'
import { loadDomain } from '@concord/domain'
import { createKafkaBroker } from '@concord/messaging'
import { storePrefix } from '@concord/runtime'
import { createRedisStore } from '@concord/store'
import { scrapeReplicas } from '../lag/scrape-replicas.ts'
import { settings, type RealAddresses } from '../settings.ts'
import type { Client } from './client.ts'
import { createDirectClient } from './direct.ts'

/** The client on these brokers, registry and store. */
export async function openKafka({ KAFKA_BROKERS, SCHEMA_REGISTRY_URL, REDIS_URL }: RealAddresses): Promise<Client> {
  const { tenantId, domainFolder } = settings()
  const brokers = KAFKA_BROKERS.split(',')
  const schemas = loadSchemas()
  const store = createRedisStore({ url: REDIS_URL, prefix: storePrefix })
  const [domain, readers] = await Promise.all([loadDomain(domainFolder), readersOf(domainFolder)])
  return createDirectClient({
    name: `Kafka at ${brokers.join(', ')}`,
    broker: createKafkaBroker({ brokers, clientId: 'concord-cli' }),
    store,
    codec: createCodec({ registry: createConfluentRegistry({ url: SCHEMA_REGISTRY_URL }), schemas }),
    clock: systemClock,
    tenantId,
    domainVersion: domain.version,
    readers,
    process: createCoordinator({ domain }),
    figures: () => scrapeReplicas(runFolder()),
    close: () => store.close(),
  })
}
