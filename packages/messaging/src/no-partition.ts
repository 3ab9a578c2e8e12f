import { Fault } from '@concord/contracts'
import type { TopicPartition } from './broker.ts'

export function noPartition({ topic, partition }: TopicPartition): Fault {
  return new Fault('not_found', `the partition ${topic}/${partition} does not exist.`, { mend: 'Run: concord topics apply.' })
}
