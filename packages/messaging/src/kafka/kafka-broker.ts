import type { Broker } from '../broker.ts'
import { defaultMaxRecordBytes } from '../record-check.ts'
import { createKafkaAdmin } from './admin.ts'
import { createClient, patientRetry, promptRetry, type ClientOptions } from './client.ts'
import { KafkaGroupConsumer } from './consumer.ts'
import { brokerFault } from './faults.ts'
import { BatchingProducer } from './producer.ts'
import { createRangeReader } from './range-reader.ts'
import { createTopicCounts } from './topic-counts.ts'

export interface KafkaBrokerOptions extends ClientOptions {
  maxRecordBytes?: number
}

/** Kafka through kafkajs 2.2.4, whose faults this adapter keeps to itself. */
export function createKafkaBroker(options: KafkaBrokerOptions): Broker {
  const { maxRecordBytes = defaultMaxRecordBytes } = options
  const counts = createTopicCounts(options)
  const clientOf = (clientId: string): ClientOptions => ({ ...options, clientId })

  return {
    async producer({ clientId }) {
      const producer = new BatchingProducer({ connect: () => connectProducer(clientOf(clientId)), counts, maxRecordBytes })
      await producer.connect()
      return producer
    },
    consumer: (wanted) => new KafkaGroupConsumer(wanted, { client: clientOf(wanted.clientId), counts }),
    admin: () => createKafkaAdmin(options),
    read: createRangeReader(options),
  }
}

async function connectProducer(options: ClientOptions) {
  const producer = createClient(options, promptRetry).producer({
    idempotent: true,
    allowAutoTopicCreation: false,
    retry: patientRetry,
  })
  try {
    await producer.connect()
    return producer
  } catch (error) {
    await producer.disconnect().catch(() => {})
    throw brokerFault(error, 'the broker cannot be reached')
  }
}
