import { Fault } from '@concord/contracts'
import type { Admin } from '../broker.ts'
import type { Group } from './group.ts'
import type { Log } from './log.ts'
import type { Topics } from './topics.ts'

export interface AdminDeps {
  topics: Topics
  groupOf: (name: string) => Group
  /** @throws Fault `broker_unavailable` while the broker is away. */
  checkAvailable: () => void
}

export function createAdmin({ topics, groupOf, checkAvailable }: AdminDeps): Admin {
  function logsOf(topic: string): Log[] {
    checkAvailable()
    const logs = topics.logs(topic)
    if (logs === undefined)
      throw new Fault('not_found', `the topic ${topic} does not exist.`, { mend: 'Run: concord topics apply.' })
    return logs
  }
  return {
    async createTopics(specs) {
      checkAvailable()
      return specs.filter((spec) => topics.create(spec)).map((spec) => spec.topic)
    },
    async listTopics() {
      checkAvailable()
      return topics.counts()
    },
    topicOffsets: async (topic) => logsOf(topic).map((log) => ({ partition: log.partition, low: log.low(), high: log.high() })),
    committed: async (group, topic) =>
      logsOf(topic).map(({ partition }) => {
        const found = groupOf(group).committed({ topic, partition })
        return { partition, offset: found?.offset ?? -1, metadata: found?.metadata ?? '' }
      }),
    async place(group, topic, offsets) {
      logsOf(topic)
      groupOf(group).place(
        group,
        offsets.map(({ partition, offset }) => ({ topic, partition, offset })),
      )
    },
    async close() {},
  }
}
