export type {
  Admin,
  Assigned,
  Broker,
  Commit,
  Consumer,
  ConsumerHandlers,
  ConsumerOptions,
  Headers,
  InRecord,
  OutRecord,
  Producer,
  TopicOffsets,
  TopicPartition,
  TopicSpec,
} from './broker.ts'
export { createDelivery, type Delivery } from './delivery/delivery.ts'
export type {
  DeliveryOptions,
  DeliveryStats,
  HandleContext,
  PartitionChange,
  PartitionStats,
  Settled,
} from './delivery/delivery-options.ts'
export type { ClientLog } from './kafka/client.ts'
export { createKafkaBroker, type KafkaBrokerOptions } from './kafka/kafka-broker.ts'
export { createMemoryBroker, type MemoryBroker, type MemoryBrokerOptions } from './memory/memory-broker.ts'
export { partitionOf } from './partitioner.ts'
