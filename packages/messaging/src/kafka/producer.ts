import { Fault } from '@concord/contracts'
import type { Producer as KafkaProducer } from 'kafkajs'
import type { OutRecord, Producer } from '../broker.ts'
import { partitionOf } from '../partitioner.ts'
import { checkRecord, recordBytes } from '../record-check.ts'
import { cut, takeParcels, topicMessages, unacknowledged, type Parcel, type PlacedRecord } from './batch.ts'
import { brokerFault, isRefusal } from './faults.ts'
import type { TopicCounts } from './topic-counts.ts'

export interface KafkaProducerDeps {
  /** A fresh client: its producer id knows of no earlier batch. */
  connect: () => Promise<KafkaProducer>
  counts: TopicCounts
  maxRecordBytes: number
}

/**
 * Sends one batch at a time: at once when idle, else what has gathered while the last one was under way. Two at once would let the client
 * lose records: after a failed attempt, it gives the sequence numbers of one batch to the other, which the broker then takes for a repeat.
 */
export class BatchingProducer implements Producer {
  readonly #deps: KafkaProducerDeps
  readonly #queue: Parcel[] = []
  #client: Promise<KafkaProducer> | undefined
  #sending: Promise<void> | undefined
  #closed = false
  #turn = 0

  constructor(deps: KafkaProducerDeps) {
    this.#deps = deps
  }

  async connect(): Promise<void> {
    await this.#connected()
  }

  async send(records: OutRecord[]): Promise<void> {
    this.#checkOpen()
    const { counts, maxRecordBytes } = this.#deps
    const known = await counts.of(records.map((record) => record.topic))
    this.#checkOpen()
    for (const record of records) checkRecord(record, known, maxRecordBytes)
    const placed = records.map((record) => ({ ...record, partition: this.#place(record, known.get(record.topic) ?? 1) }))
    const runs = cut(placed, recordBytes, maxRecordBytes)
    await Promise.all(runs.map((run) => this.#enqueue(run)))
  }

  #checkOpen(): void {
    if (this.#closed) throw new Fault('broker_unavailable', 'the producer is closed.')
  }

  #place({ partition, key }: OutRecord, partitions: number): number {
    return partition ?? (key === null ? this.#turn++ % partitions : partitionOf(key, partitions))
  }

  #enqueue(records: PlacedRecord[]): Promise<void> {
    return new Promise((resolve, reject) => {
      const bytes = records.reduce((sum, record) => sum + recordBytes(record), 0)
      this.#queue.push({ records, bytes, resolve, reject })
      this.#sending ??= this.#sendAll()
    })
  }

  async #sendAll(): Promise<void> {
    while (this.#queue.length > 0) await this.#deliver(takeParcels(this.#queue, this.#deps.maxRecordBytes))
    this.#sending = undefined
  }

  /** A batch that the broker refuses is sent again call by call, so that one bad record fails alone. */
  async #deliver(parcels: Parcel[]): Promise<void> {
    try {
      await this.#write(parcels.flatMap((parcel) => parcel.records))
      for (const parcel of parcels) parcel.resolve()
    } catch (error) {
      await this.#discardClient()
      if (isRefusal(error) && parcels.length > 1) {
        for (const parcel of parcels) await this.#deliver([parcel])
      } else {
        for (const parcel of parcels) parcel.reject(brokerFault(error, 'records cannot be sent'))
      }
    }
  }

  async #write(records: PlacedRecord[]): Promise<void> {
    let open = records
    for (let attempt = 0; open.length > 0; attempt++) {
      if (attempt === 3) throw new Fault('broker_unavailable', 'some records are not acknowledged.', { retryable: true })
      const client = await this.#connected()
      open = unacknowledged(open, await client.sendBatch({ acks: -1, topicMessages: topicMessages(open) }))
    }
  }

  #connected(): Promise<KafkaProducer> {
    this.#client ??= this.#deps.connect()
    return this.#client
  }

  /** After a failure nobody knows which sequence numbers the broker has seen. */
  async #discardClient(): Promise<void> {
    const client = this.#client
    this.#client = undefined
    await client?.then((producer) => producer.disconnect()).catch(() => {})
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#sending
    await this.#discardClient()
  }
}
