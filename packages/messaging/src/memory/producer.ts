import { Fault, type Clock } from '@concord/contracts'
import type { OutRecord, Producer } from '../broker.ts'
import { partitionOf } from '../partitioner.ts'
import { checkRecord, headerBytes } from '../record-check.ts'
import { createIce } from './ice.ts'
import type { Topics } from './topics.ts'

export interface ProducerDeps {
  clock: Clock
  topics: Topics
  maxRecordBytes: number
  /** @throws Fault `broker_unavailable` while the broker is away. */
  checkAvailable: () => void
}

/** A producer that a test can silence for good, as in a process that has died: its later calls reach nothing and never settle. */
export interface MemoryProducer extends Producer {
  readonly clientId: string
  crash(): void
  /** Calls wait until it thaws. */
  freeze(): void
  thaw(): void
}

export function createProducer(clientId: string, deps: ProducerDeps): MemoryProducer {
  let state: 'open' | 'closed' | 'crashed' = 'open'
  const ice = createIce()
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
      if (ice.frozen()) await ice.melted()
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
    freeze: () => ice.freeze(),
    thaw: () => ice.thaw(),
  }
}
