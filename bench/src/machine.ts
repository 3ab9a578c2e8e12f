/** What the figures were taken on. */
import { arch, cpus, release, totalmem, type as system } from 'node:os'
import type { Flow } from './load/flow.ts'
import { partitions } from './load/world.ts'
import type { BenchConfig } from './config.ts'
import { concurrency } from './parts/throughput.ts'

/** Versions that `dev-env` starts, and that the lock file pins. */
const versions = 'Kafka 4.3.1 (one broker), Apicurio Registry 3.0.9, Redis with an append-only file, kafkajs 2.2.4'

export function describeMachine(): string {
  const [first] = cpus()
  const gigabytes = Math.round(totalmem() / 2 ** 30)
  return `${cpus().length} × ${first?.model.trim() ?? arch()}, ${gigabytes} GiB, ${system()} ${release()}, Node ${process.version}`
}

export function describeSettings({ rounds, scale, only }: BenchConfig, flow: Flow): string[] {
  return [
    `Machine: ${describeMachine()}. Kafka, the registry, Redis, the driver and what is measured share it.`,
    `Parts: ${versions}.`,
    `Settings: ${partitions} partitions, acks all, ${rounds} rounds by turns${scale === 1 ? '' : `, sizes × ${scale}`}; parts ${[...only].join(', ')}. Throughput with ${concurrency} messages in flight in each service.`,
    `A request causes ${flow.messages} messages of ${flow.bytes.toLocaleString('en-GB')} bytes together, itself included, on ${new Set(flow.stages.flatMap(({ routes }) => routes.flatMap(({ to }) => to.map(({ topic }) => topic)))).size + 1} topics; the second relay sends as many, as large, to as many readers.`,
  ]
}
