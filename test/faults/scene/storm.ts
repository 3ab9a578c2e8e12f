/** Members that join every group and leave it again, as fast as one a second each. */
import { setTimeout as sleep } from 'node:timers/promises'
import { createKafkaBroker, type Consumer, type ConsumerHandlers } from '@concord/messaging'
import type { Constellation } from './constellation.ts'

export interface StormOptions {
  brokers: string[]
  readers: Constellation['readers']
  ms: number
}

const everyMs = 1_000

/** Takes nothing, so that what it was given waits for its next owner. */
const idle: ConsumerHandlers = {
  onAssigned: async () => undefined,
  onRevoked: async () => undefined,
  onLost: () => undefined,
  onRecords: () => 0,
  onCrash: () => undefined,
}

/** @returns how many members have joined and left */
export async function storm({ brokers, readers, ms }: StormOptions): Promise<number> {
  const end = Date.now() + ms
  const visits: Promise<void>[] = []
  for (let turn = 0; Date.now() < end; turn++) {
    const broker = createKafkaBroker({ brokers, clientId: `storm-${turn}` })
    for (const { name, consumes } of readers) {
      const topics = consumes.map((topic) => topic.name)
      const assignment = name === 'coordinator' ? 'aligned' : 'spread'
      visits.push(visit(broker.consumer({ group: name, topics, clientId: `storm-${turn}-${name}`, assignment })))
    }
    await sleep(everyMs)
  }
  await Promise.all(visits)
  return visits.length
}

/** Joining takes as long as the others need to drain; whoever has not got in by then goes away all the same. */
async function visit(consumer: Consumer): Promise<void> {
  const joined = consumer.start(idle).catch(() => undefined)
  await Promise.race([joined, sleep(3 * everyMs)])
  await sleep(everyMs)
  await consumer.stop()
}
