/** How far each group is behind on each partition. */
import type { Admin } from '@concord/messaging'

export interface LagRow {
  group: string
  topic: string
  partition: number
  /** The next offset to be handled; -1 where the group has committed nothing. */
  committed: number
  /** The offset that the next record will get. */
  end: number
  /** Records not yet handled. */
  lag: number
}

/** @param readers which groups read which topics */
export async function lagOf(
  admin: Admin,
  readers: readonly { name: string; consumes: readonly { name: string }[] }[],
): Promise<LagRow[]> {
  const rows = await Promise.all(
    readers.flatMap(({ name: group, consumes }) =>
      consumes.map(async ({ name: topic }) => {
        const [ends, committed] = await Promise.all([admin.topicOffsets(topic), admin.committed(group, topic)])
        const at = new Map(committed.map(({ partition, offset }) => [partition, offset]))
        return ends.map(({ partition, low, high }): LagRow => {
          const offset = at.get(partition) ?? -1
          return { group, topic, partition, committed: offset, end: high, lag: Math.max(0, high - (offset < 0 ? low : offset)) }
        })
      }),
    ),
  )
  return rows.flat()
}
