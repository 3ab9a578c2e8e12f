import { readRun, runFolder } from '@concord/dev-env/up'
import { readRecord } from '../log/record.ts'
import { namedAddresses } from '../settings.ts'
import type { Client } from './client.ts'
import { openEmbedded } from './embedded.ts'
import { openKafka } from './kafka.ts'
import { createRecordedClient } from './recorded.ts'

/**
 * Kafka where `KAFKA_BROKERS` names it, else the constellation that `up` left running here, else one that runs embedded, else
 * the record of the last demo.
 */
export async function openClient(): Promise<Client> {
  const addresses = namedAddresses() ?? namedAddresses((await readRun(runFolder()))?.env ?? {})
  if (addresses !== null) return openKafka(addresses)
  return (await openEmbedded()) ?? createRecordedClient((await readRecord()) ?? [])
}
