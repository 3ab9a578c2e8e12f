import { Fault, type Clock } from '@concord/contracts'
import type { OutRecord, Producer } from '../broker.ts'
import { partitionOf } from '../partitioner.ts'
import { checkRecord, headerBytes } from '../record-check.ts'
import type { Topics } from './topics.ts'

export interface ProducerDeps {
  clock: Clock
  topics: Topics
  maxRecordBytes: number
  /** @throws Fault `broker_unavailable` while the broker is away. */
  checkAvailable: () => void
}

/** A producer that a test can silence: its later calls reach nothing and never settle, as in a process that has died. */
export interface MemoryProducer extends Producer {
  readonly clientId: string
  crash(): void
}

export function createProducer(clientId: string, deps: ProducerDeps): MemoryProducer {
  let state: 'open' | 'closed' | 'crashed' = 'open'
  let turn = 0

  function append(record: OutRecord): void {
    const logs = deps.topics.logs(record.topic) ?? []
    const { key } = record
    const partition = record.partition ?? (key === null ? turn++ % logs.length : partitionOf(key, logs.length))
    logs[partition]?.append({
      key: key === null ? null : Buffer.from(key),
      value: record.value,
      headers: headerBytes(record.headers),
      timestamp: deps.clock.now(),
    })
  }

  return {
    clientId,
    async send(records) {
      switch (state) {
        case 'crashed':
          return new Promise(() => {})
        case 'closed':
          throw new Fault('broker_unavailable', 'the producer is closed.')
        case 'open':
          deps.checkAvailable()
          for (const record of records) checkRecord(record, deps.topics.counts(), deps.maxRecordBytes)
          for (const record of records) append(record)
      }
    },
    async close() {
      if (state === 'open') state = 'closed'
    },
    crash: () => void (state = 'crashed'),
  }
}
