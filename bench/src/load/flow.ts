/** Which message causes which others, and how large they are: read off a real run, in memory, of one request after the other. */
import { requestRecord } from '@concord/cli'
import { Fault, readHeaders, requests, topicByName, type Basis, type Codec, type Envelope } from '@concord/contracts'
import type { Constellation } from '@concord/dev-env'
import type { InRecord } from '@concord/messaging'
import { distinctTexts, requestOf } from '../workload.ts'
import { follow, startInMemory } from './in-memory.ts'
import type { Stage } from './relay-plan.ts'

/** One message of the run. */
export interface Seen {
  id: string
  topic: string
  maker: string
  bytes: number
  /** Ids of messages and claims that it rests on. */
  basedOn: string[]
}

/** What the constellation does with one request. */
export interface Flow {
  /** The same as a relay's plan, over topics of its own. */
  stages: Stage[]
  messages: number
  bytes: number
}

const relayTopic = (topic: string): string => topic.replace(/^concord\./, 'bench.')
export const flowStart: string = relayTopic(requests.name)
export const flowEnd = 'bench.replies.v1'

export async function readFlow(): Promise<Flow> {
  const constellation = await startInMemory()
  try {
    const seen = await seenIn(constellation)
    const bytes = seen.reduce((sum, one) => sum + one.bytes, 0) / distinctTexts
    return { stages: stagesOf(seen), messages: seen.length / distinctTexts, bytes: Math.round(bytes) }
  } finally {
    await constellation.stop()
  }
}

/** Sends one request of each kind, each after the outcome of the one before, and keeps everything that comes of them. */
async function seenIn(constellation: Constellation): Promise<Seen[]> {
  const { broker, codec } = constellation
  const following = await follow(constellation)
  const producer = await broker.producer({ clientId: 'bench' })
  for (let number = 0; number < distinctTexts; number++) {
    await producer.send([await requestRecord(codec, requestOf('flow', number), Date.now())])
    await following.replies(number + 1)
  }
  await following.stop()
  return Promise.all(following.records.map((record) => describe(codec, record)))
}

async function describe(codec: Codec, record: InRecord): Promise<Seen> {
  const topic = topicByName(record.topic)
  if (topic === undefined) throw new Fault('internal', `${record.topic} is no topic of the contracts.`)
  const headers = readHeaders(record.headers)
  const value = (await codec.decode(topic, record.value)) as { envelope?: Envelope; inputs?: Basis[] }
  const basedOn = [...(value.envelope?.basedOn ?? []), ...(value.inputs ?? [])].map(({ id }) => id)
  const id = value.envelope?.messageId ?? ''
  return { id, topic: record.topic, maker: (headers['ce_source'] ?? '').replace('/agents/', ''), bytes: sizeOf(record), basedOn }
}

function sizeOf({ key, value, headers }: InRecord): number {
  const ofHeaders = Object.entries(headers).reduce((sum, [name, text]) => sum + name.length + String(text).length, 0)
  return (key?.length ?? 0) + (value?.length ?? 0) + ofHeaders
}

/** The last message that an output rests on is taken for its cause; what rests on no message rests on the request. */
export function stagesOf(seen: readonly Seen[], requestCount = distinctTexts): Stage[] {
  const place = new Map(seen.map(({ id }, at) => [id, at]))
  const stages = new Map<string, Map<string, Map<string, number[]>>>()
  for (const { topic, maker, bytes, basedOn } of seen) {
    if (topic === requests.name) continue
    const causes = basedOn.map((id) => place.get(id) ?? -1)
    const cause = seen[Math.max(-1, ...causes)]?.topic ?? requests.name
    const routes = entry(stages, maker, () => new Map<string, Map<string, number[]>>())
    const targets = entry(routes, cause, () => new Map<string, number[]>())
    entry(targets, topic, () => []).push(bytes)
  }
  return [...stages].map(([maker, routes]) => ({
    group: `bench-${maker}`,
    routes: [...routes].map(([from, targets]) => ({
      from: relayTopic(from),
      to: [...targets].map(([topic, sizes]) => ({ topic: relayTopic(topic), ...shareOf(sizes, requestCount) })),
    })),
  }))
}

/** Per request: how many, and how large on average. */
function shareOf(sizes: readonly number[], requestCount: number): { count: number; bytes: number } {
  const count = sizes.length / requestCount
  if (!Number.isInteger(count)) throw new Fault('internal', 'the requests of the workload cause different messages.')
  return { count, bytes: Math.round(sizes.reduce((sum, size) => sum + size, 0) / sizes.length) }
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key) ?? make()
  map.set(key, found)
  return found
}
