import type { Broker, TopicPartition } from '@concord/messaging'

/** The broker's time of the first record from this offset on, in milliseconds since the epoch; null where there is none. */
export async function recordTimeFrom(
  broker: Pick<Broker, 'read'>,
  at: TopicPartition,
  range: { from: number; to: number },
): Promise<number | null> {
  for await (const [first] of broker.read(at, range)) if (first !== undefined) return first.timestamp
  return null
}
