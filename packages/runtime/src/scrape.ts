/** The figures of one replica, in Prometheus' text format. What changes with time is measured when somebody asks. */
import { Fault } from '@concord/contracts'
import type { Admin, Broker, Delivery, DeliveryStats, PartitionStats, TopicOffsets } from '@concord/messaging'
import type { Logger, Metrics } from '@concord/telemetry'
import type { Deps } from './deps.ts'
import { deadLetterTopic } from './keys.ts'
import { createLetterCount, type LetterCount, type OpenLetters } from './letters/open-letters.ts'
import { recordTimeFrom } from './record-time.ts'

export interface ScraperOptions {
  /** The consumer group, whose dead letters are counted. */
  group: string
  /** The bulkhead. */
  limit: number
  deps: Pick<Deps, 'broker' | 'clock' | 'metrics'>
  delivery: Pick<Delivery, 'stats'>
  log: Logger
}

/** @returns what makes the page; it may be called at any time, also while the broker is away. */
export function createScraper(options: ScraperOptions): () => Promise<string> {
  const { deps, delivery, log } = options
  const letters = createLetterCount(deps.broker)
  return async () => {
    const stats = delivery.stats()
    showPressure(deps.metrics, stats, options.limit)
    try {
      await measure(options, stats, letters)
    } catch (error) {
      log.debug({ error: Fault.from(error) }, 'the lag cannot be measured now')
    }
    return deps.metrics.registry.metrics()
  }
}

function showPressure(metrics: Metrics, stats: DeliveryStats, limit: number): void {
  metrics.inFlight.set(stats.inFlight)
  metrics.inFlightLimit.set(limit)
  metrics.queued.set(stats.queued)
  metrics.waiting.set(stats.waiting)
  metrics.paused.set(stats.pausedPartitions)
  setTo(metrics.rebalances, stats.rebalances)
  setTo(metrics.commits, stats.commits)
  setTo(metrics.commitFailures, stats.commitFailures)
  setTo(metrics.rebalanceWait, stats.rebalanceWaitMs / 1_000)
  setTo(metrics.refused, stats.refused)
  setTo(metrics.headOfLine, stats.headOfLine)
}

/** The delivery counts by itself. */
function setTo(counter: Metrics['rebalances'], count: number): void {
  counter.reset()
  counter.inc(count)
}

async function measure(options: ScraperOptions, { perPartition }: DeliveryStats, letters: LetterCount): Promise<void> {
  const admin = await options.deps.broker.admin()
  try {
    await measureLag(options, perPartition, admin)
    await measureLetters(options, perPartition, letters, admin)
  } finally {
    await admin.close()
  }
}

async function measureLag({ deps }: ScraperOptions, held: readonly PartitionStats[], admin: Admin): Promise<void> {
  const { lag, lagSeconds, oldest, gap } = deps.metrics
  const topics = [...new Set(held.map(({ topic }) => topic))]
  const offsets = new Map(await Promise.all(topics.map(async (topic) => [topic, await admin.topicOffsets(topic)] as const)))
  const rows: Row[] = []
  for (const partition of held) rows.push(await rowOf(deps, partition, offsets.get(partition.topic) ?? []))
  // A partition that went to another replica is shown there, and here no more.
  for (const gauge of [lag, lagSeconds, oldest, gap]) gauge.reset()
  for (const { labels, ...row } of rows) {
    lag.set(labels, row.behind)
    lagSeconds.set(labels, row.lagSeconds)
    oldest.set(labels, row.oldestSeconds)
    gap.set(labels, row.gap)
  }
}

/** Of the topics whose partition 0 is held here, so that each is shown by one replica. */
async function measureLetters(
  { deps, group }: ScraperOptions,
  held: readonly PartitionStats[],
  letters: LetterCount,
  admin: Admin,
): Promise<void> {
  const { openLetters, oldestLetter } = deps.metrics
  const topics = held.filter(({ partition }) => partition === 0).map(({ topic }) => topic)
  const open: OpenLetters[] = []
  for (const topic of topics) open.push(await letters.measure(deadLetterTopic(topic, group), admin))
  for (const gauge of [openLetters, oldestLetter]) gauge.reset()
  for (const [index, topic] of topics.entries()) {
    openLetters.set({ topic }, open[index]?.count ?? 0)
    oldestLetter.set({ topic }, secondsSince(open[index]?.oldestAt ?? null, deps.clock.now()))
  }
}

interface Row {
  labels: { topic: string; partition: string }
  behind: number
  lagSeconds: number
  oldestSeconds: number
  gap: number
}

async function rowOf({ broker, clock }: ScraperOptions['deps'], at: PartitionStats, offsets: TopicOffsets[]): Promise<Row> {
  const { topic, partition, highestDone, oldestIncompleteAt, oldestRecordAt } = at
  const { low, high } = offsets.find((one) => one.partition === partition) ?? { low: 0, high: 0 }
  const from = Math.max(at.committed ?? low, low)
  const watermark = Math.max(at.watermark ?? from, from)
  const first = oldestRecordAt ?? (await firstUnseen(broker, at, { from: watermark, to: high }))
  const now = clock.now()
  return {
    labels: { topic, partition: String(partition) },
    behind: Math.max(0, high - from),
    lagSeconds: secondsSince(first, now),
    oldestSeconds: secondsSince(oldestIncompleteAt, now),
    gap: Math.max(0, highestDone + 1 - watermark),
  }
}

/** With nothing under way, the first record that is not done is one that has not been fetched. */
async function firstUnseen(broker: Broker, at: PartitionStats, range: { from: number; to: number }): Promise<number | null> {
  return range.from >= range.to ? null : recordTimeFrom(broker, at, range)
}

const secondsSince = (at: number | null, now: number): number => (at === null ? 0 : Math.max(0, (now - at) / 1_000))
