import type { PartitionStats } from './delivery-options.ts'
import type { Tenure } from './tenure.ts'

/** @param paused whether all partitions are */
export function statsOf(tenure: Tenure, paused: boolean): PartitionStats {
  const { topic, partition, committed, tracker, high, full } = tenure
  const oldest = tracker.oldest()
  return {
    topic,
    partition,
    committed,
    watermark: tracker.watermark(),
    high,
    highestSeen: tracker.highestSeen(),
    highestDone: tracker.highestDone(),
    incomplete: tracker.incomplete(),
    oldestIncompleteAt: oldest?.firstSeenAt ?? null,
    oldestRecordAt: oldest?.record.timestamp ?? null,
    paused: paused || full,
  }
}
