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
  OffsetRange,
  OutRecord,
  Producer,
  Progress,
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
export { decodeOffsetMap, type OffsetMap } from './delivery/offset-map.ts'
export type { ClientLog } from './kafka/client.ts'
export { createKafkaBroker, type KafkaBrokerOptions } from './kafka/kafka-broker.ts'
export { createMemoryBroker, type MemoryBroker, type MemoryBrokerOptions } from './memory/memory-broker.ts'
export { partitionOf } from './partitioner.ts'
export { defaultMaxRecordBytes, recordBytes } from './record-check.ts'
