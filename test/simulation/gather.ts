/** Reads what stands in the logs and in the store, to see whether all is answered, and to judge it. */
import { caseKey, topicByName } from '@concord/contracts'
import { serviceNames } from '@concord/dev-env'
import type { InRecord } from '@concord/messaging'
import { caseStoreKey } from '@concord/runtime'
import type { Appended, Evidence } from './evidence.ts'
import type { Published } from './producer.ts'
import type { Replicas } from './replicas.ts'
import type { Stage } from './stage.ts'

export interface Gathered extends Evidence, Published {}

/** Whether nothing goes wrong any more, every service is ready, every case is closed and has said so, and everything is read. */
export async function isQuiet(stage: Stage, { requests, bad }: Published, replicas: Replicas): Promise<boolean> {
  const { plan } = stage
  if (stage.isRough() || requests.length + bad.length < plan.sends.length) return false
  if (stage.isAway('broker') || stage.isAway('store') || stage.isAway('back-end')) return false
  if (replicas.all().some(({ life, running }) => running.missing().length > 0 || life.isFrozen())) return false
  for (const request of requests) {
    const found = await storedCase(stage, caseKey(request))
    if (found?.state.status !== 'closed' || found.journal.length + found.outbox.length > 0) return false
  }
  const behind = (await lagOf(stage)).some(({ committed, high }) => Math.max(0, committed) < high)
  return !behind
}

export async function gather(stage: Stage, published: Published): Promise<Gathered> {
  const { evidence, fixtures, plan } = stage
  const topics = fixtures.topics(plan.settings.partitions).map(({ topic }) => topic)
  for (const topic of topics) evidence.appended.push(...(await read(stage, topic)))
  evidence.appended.sort((a, b) => a.seq - b.seq)
  evidence.lag = await lagOf(stage)
  for (const request of published.requests) {
    const key = caseKey(request)
    const stored = await storedCase(stage, key)
    if (stored === null) continue
    const { state, version, journal, outbox } = stored
    evidence.stored.set(key, { state, version, unpublished: journal.length + outbox.length })
  }
  return { ...evidence, ...published }
}

/** A case as the coordinator keeps it. */
interface StoredCase {
  state: { status: string }
  version: number
  journal: unknown[]
  outbox: unknown[]
}

async function storedCase({ store }: Stage, key: string): Promise<StoredCase | null> {
  const stored = await store.get(caseStoreKey('coordinator', key))
  return stored && (JSON.parse(stored.value) as StoredCase)
}

async function read(stage: Stage, topic: string): Promise<Appended[]> {
  const { broker, fixtures, plan } = stage
  const known = topicByName(topic)
  const partitions = fixtures.topics(plan.settings.partitions).find((spec) => spec.topic === topic)?.partitions ?? 0
  const records: InRecord[] = []
  for (let partition = 0; partition < partitions; partition++) {
    for await (const some of broker.read({ topic, partition }, { from: 0, to: Infinity })) records.push(...some)
  }
  return Promise.all(
    records.map(async (record) => {
      const { seq, by } = stage.origin(record) ?? { seq: -1, by: 'nobody that we know of' }
      const value = known === undefined ? null : await fixtures.codec.decode(known, record.value).catch(() => null)
      return { seq, by, record, value }
    }),
  )
}

async function lagOf({ broker, fixtures }: Stage): Promise<Evidence['lag']> {
  const admin = await broker.admin()
  const pairs = serviceNames.flatMap((group) => fixtures.consumed[group].map((topic) => ({ group, topic })))
  const all = await Promise.all(
    pairs.map(async ({ group, topic }) => {
      const [committed, ends] = await Promise.all([admin.committed(group, topic), admin.topicOffsets(topic)])
      return ends.map(({ partition, high }) => {
        const offset = committed.find((one) => one.partition === partition)?.offset ?? -1
        return { group, topic, partition, committed: offset, high }
      })
    }),
  )
  return all.flat()
}
