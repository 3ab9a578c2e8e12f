/** How far each group is behind on each partition, from the broker alone: it can be told of services that are down, too. */
import { decodeOffsetMap, type Admin, type Broker } from '@concord/messaging'
import { recordTimeFrom } from '@concord/runtime'

export interface LagRow {
  group: string
  topic: string
  partition: number
  /** The next offset to be handled; -1 where the group has committed nothing. */
  committed: number
  /** The offset that the next record will get. */
  end: number
  /** Records from the committed offset to the end. */
  lag: number
  /** Of them, how many are not done: those that are done above the watermark stand in the commit's metadata. */
  notDone: number
  /** Records from the watermark to the highest that is done; 0 where none is done above it. */
  gap: number
  /** When the first record that is not done was written, in milliseconds since the epoch; null where all is done. */
  oldestAt: number | null
}

/** Which groups read which topics. */
export type Readers = readonly { name: string; consumes: readonly { name: string }[] }[]

export async function lagOf(broker: Pick<Broker, 'read'>, admin: Admin, readers: Readers): Promise<LagRow[]> {
  const found = await Promise.all(
    readers.flatMap(({ name: group, consumes }) =>
      consumes.map(async ({ name: topic }) => {
        const [ends, committed] = await Promise.all([admin.topicOffsets(topic), admin.committed(group, topic)])
        const commitOf = new Map(committed.map((commit) => [commit.partition, commit]))
        return ends.map(({ partition, ...bounds }) => {
          const { offset = -1, metadata = '' } = commitOf.get(partition) ?? {}
          return countsOf({ group, topic, partition }, { offset, metadata }, bounds)
        })
      }),
    ),
  )
  const rows: LagRow[] = []
  // One after the other: few partitions lag, and each read opens connections of its own.
  for (const row of found.flat()) rows.push({ ...row, oldestAt: await oldestOf(broker, row) })
  return rows
}

function countsOf(
  at: Pick<LagRow, 'group' | 'topic' | 'partition'>,
  { offset, metadata }: { offset: number; metadata: string },
  { low, high }: { low: number; high: number },
): LagRow {
  const from = Math.max(low, offset)
  const lag = Math.max(0, high - from)
  const map = decodeOffsetMap(offset, metadata)
  const gap = map === null ? 0 : Math.max(0, Math.min(map.highestDone + 1, high) - from)
  const doneAbove = gap === 0 ? 0 : gap - (map?.incomplete ?? []).filter((one) => one >= from && one < from + gap).length
  return { ...at, committed: offset, end: high, lag, notDone: lag - doneAbove, gap, oldestAt: null }
}

async function oldestOf(broker: Pick<Broker, 'read'>, { lag, topic, partition, end }: LagRow): Promise<number | null> {
  return lag === 0 ? null : recordTimeFrom(broker, { topic, partition }, { from: end - lag, to: end })
}
