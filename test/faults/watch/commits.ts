/** Looks every second at what the services' groups have committed. */
import { Kafka, logLevel, type Admin } from 'kafkajs'
import type { Committed } from '../check/commits.ts'

export interface CommitWatch {
  readonly samples: readonly Committed[]
  stop(): Promise<void>
}

/** Milliseconds. */
const everyMs = 1_000
const answerMs = 5_000

export function watchCommits(brokers: string[], groups: readonly string[]): CommitWatch {
  const kafka = new Kafka({
    brokers,
    clientId: 'commit-watch',
    logLevel: logLevel.NOTHING,
    requestTimeout: answerMs,
    retry: { retries: 1 },
  })
  const samples: Committed[] = []
  const last = new Map<string, number>()
  let admin: Admin | undefined

  const look = async (group: string, open: Admin): Promise<void> => {
    const at = Date.now()
    for (const { topic, partitions } of await open.fetchOffsets({ groupId: group })) {
      for (const { partition, offset } of partitions) {
        const place = `${group}/${topic}/${partition}`
        const now = Number(offset)
        if (now < 0 || last.get(place) === now) continue
        last.set(place, now)
        samples.push({ at, group, topic, partition, offset: now })
      }
    }
  }
  /** A broker that is away is looked at again later, through new connections: it is not the watch that is under test. */
  const lookAtAll = async (): Promise<void> => {
    const open = (admin ??= kafka.admin())
    try {
      await open.connect()
      await Promise.all(groups.map((group) => look(group, open)))
    } catch {
      admin = undefined
      void open.disconnect().catch(() => undefined)
    }
  }
  let looking: Promise<void> | null = null
  const timer = setInterval(() => {
    looking ??= lookAtAll().finally(() => (looking = null))
  }, everyMs)
  return {
    samples,
    async stop() {
      clearInterval(timer)
      await looking
      await admin?.disconnect()
    },
  }
}
