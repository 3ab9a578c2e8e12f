/** What a relay forwards to where. */

/** For each message: so many on that topic. */
export interface Target {
  topic: string
  count: number
  /** Of key, value and headers together, in one value; null: the message as it came. */
  bytes: number | null
}

/** One consumer group. */
export interface Stage {
  group: string
  routes: { from: string; to: Target[] }[]
}

export interface RelayOptions {
  brokers: string[]
  stages: Stage[]
}

export const hops = 5
export const hopTopic = (hop: number): string => `bench.hop-${hop}`

/** A chain: what comes on the first topic goes through five groups to the last, as it is. */
export function chain(): Stage[] {
  return Array.from({ length: hops }, (_, hop) => ({
    group: `bench-hop-${hop}`,
    routes: [{ from: hopTopic(hop), to: [{ topic: hopTopic(hop + 1), count: 1, bytes: null }] }],
  }))
}

export const topicsOf = (stages: readonly Stage[]): string[] => [
  ...new Set(stages.flatMap(({ routes }) => routes.flatMap(({ from, to }) => [from, ...to.map(({ topic }) => topic)]))),
]
