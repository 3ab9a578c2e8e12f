import { createCodec, createConfluentRegistry, createFolderRegistry, loadSchemas, systemClock } from '@concord/contracts'
import { roster } from '@concord/dev-env'
import { createHttpTools, loadDomain } from '@concord/domain'
import { createKafkaBroker } from '@concord/messaging'
import { createMemoryStore, createRedisStore } from '@concord/store'
import { settings } from '../settings.ts'
import type { Client } from './client.ts'
import { createDirectClient } from './direct.ts'

/** The client on the brokers, the registry and the store that the environment names. */
export async function openKafka(): Promise<Client> {
  const { kafkaBrokers = [], registryUrl, redisUrl, tenantId, domainFolder } = settings()
  const clock = systemClock
  const schemas = await loadSchemas()
  const registry = registryUrl === undefined ? createFolderRegistry(schemas) : createConfluentRegistry({ url: registryUrl })
  const store = redisUrl === undefined ? createMemoryStore({ clock }) : createRedisStore({ url: redisUrl, prefix: 'concord:' })
  const domain = await loadDomain(domainFolder)
  const tools = createHttpTools({ baseUrl: 'http://127.0.0.1:0', tools: domain.tools.values(), clock })
  return createDirectClient({
    name: `Kafka at ${kafkaBrokers.join(', ')}`,
    broker: createKafkaBroker({ brokers: kafkaBrokers, clientId: 'concord-cli' }),
    store,
    codec: createCodec({ registry, schemas }),
    clock,
    tenantId,
    domainVersion: domain.version,
    readers: roster({ domain, tools }),
    close: () => store.close(),
  })
}
