import { readRecord } from '../log/record.ts'
import { settings } from '../settings.ts'
import type { Client } from './client.ts'
import { openEmbedded } from './embedded.ts'
import { openKafka } from './kafka.ts'
import { createRecordedClient } from './recorded.ts'

/** Kafka where `KAFKA_BROKERS` names it, else a constellation that runs embedded on this machine, else the record of the last demo. */
export async function openClient(): Promise<Client> {
  const { kafkaBrokers } = settings()
  if (kafkaBrokers !== undefined) return openKafka()
  return (await openEmbedded()) ?? createRecordedClient((await readRecord()) ?? [])
}
