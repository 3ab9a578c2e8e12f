/** The topics that the constellation needs: those of the contracts, and a dead-letter topic for each reader of each. */
import { topics } from '@concord/contracts'
import type { TopicSpec } from '@concord/messaging'
import { deadLetterTopic } from '@concord/runtime'

/** Which groups read which topics; the runtime's manifests say the same. */
export interface Reader {
  name: string
  consumes: readonly { name: string }[]
}

/** @param replicas the broker's own default unless given */
export function topicSpecs(readers: readonly Reader[], partitions: number, replicas?: number): TopicSpec[] {
  const copies = replicas === undefined ? {} : { replicas }
  const own = topics.map(({ name }) => ({ topic: name, partitions, ...copies, config: { 'cleanup.policy': 'delete' } }))
  const dead = readers.flatMap(({ name: group, consumes }) =>
    consumes.map(({ name }) => ({ topic: deadLetterTopic(name, group), partitions: 1, ...copies })),
  )
  return [...own, ...dead]
}
