/** The constellation in this process, on the memory broker and store, with the zero-latency model and without limits. */
import { topics } from '@concord/contracts'
import { startConstellation, type Constellation } from '@concord/dev-env'
import type { InRecord } from '@concord/messaging'
import { domainFolder } from '../workload.ts'
import { createZeroModel } from '../zero-model.ts'

/** Nobody listens there: the workload needs neither a model's endpoint nor a back end. */
const nowhere = 'http://127.0.0.1:9'

export function startInMemory(): Promise<Constellation> {
  return startConstellation({
    domainFolder,
    model: { baseURL: `${nowhere}/v1`, apiKey: 'none', model: 'zero-latency' },
    backEndUrl: nowhere,
    ports: { createLimiter: () => ({ acquire: async () => 0, close: async () => undefined }) },
    adapt: (deps) => ({ ...deps, model: createZeroModel() }),
  })
}

export interface Follower {
  /** Everything so far, in the order in which it was read. */
  records: InRecord[]
  /** Resolves when so many replies are there. */
  replies(count: number): Promise<void>
  stop(): Promise<void>
}

/** Reads every topic as it grows. */
export async function follow({ broker }: Constellation): Promise<Follower> {
  const records: InRecord[] = []
  let replied = 0
  let wake = (): void => undefined
  const names = topics.map(({ name }) => name)
  const consumer = broker.consumer({ group: 'bench', clientId: 'bench', topics: names, assignment: 'spread' })
  await consumer.start({
    onAssigned: async () => undefined,
    onRevoked: async () => undefined,
    onLost: () => undefined,
    onCrash: () => undefined,
    onRecords(some) {
      records.push(...some)
      replied += some.filter(({ topic }) => topic === 'concord.replies.v1').length
      wake()
    },
  })
  return {
    records,
    async replies(count) {
      while (replied < count) await new Promise<void>((resolve) => (wake = resolve))
    },
    stop: () => consumer.stop(),
  }
}
