/** What a group had committed for a partition, at a time in milliseconds since the epoch. */
export interface Committed {
  at: number
  group: string
  topic: string
  partition: number
  offset: number
}

export interface Rewind extends Committed {
  /** What had been committed before. */
  was: number
}

/** Commits that went backwards: a member's that the group had gone on without would show so. */
export function findRewinds(samples: readonly Committed[]): Rewind[] {
  const highest = new Map<string, number>()
  return samples
    .toSorted((a, b) => a.at - b.at)
    .flatMap((sample) => {
      const place = `${sample.group} ${sample.topic} ${sample.partition}`
      const was = highest.get(place) ?? -1
      highest.set(place, Math.max(was, sample.offset))
      return sample.offset < was ? [{ ...sample, was }] : []
    })
}
