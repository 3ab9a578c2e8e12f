/** The producer of a run: publishes what the plan says, when it says so, and again until the broker has it. */
import { contentHash, conversationOf, messageHeaders, partitionKey, Request, requests, topics, traceOf } from '@concord/contracts'
import type { OutRecord } from '@concord/messaging'
import { createChance } from './chance.ts'
import type { Flaw, Request as PlannedRequest, Send } from './sends.ts'
import type { Stage } from './stage.ts'

export const tenantId = 'default'
const retryMs = 700

/** What a producer has published and must get an answer to. */
export interface Published {
  requests: Request[]
  /** Where records went that nobody can read. */
  bad: { topic: string; key: string; headers: OutRecord['headers']; value: Buffer | null }[]
}

/** @returns what has been published so far; it grows. */
export function startProducer(stage: Stage): Published {
  const published: Published = { requests: [], bad: [] }
  let spoilt = 0
  const planned = new Map(stage.plan.sends.filter((send) => send.kind === 'request').map((send) => [send.requestId, send]))
  for (const send of stage.plan.sends) stage.clock.after(send.at, () => void publish(send))

  async function publish(send: Send): Promise<void> {
    if (send.kind === 'bad') return publishBad(send)
    const first = send.kind === 'request' ? send : planned.get(send.of)
    if (first === undefined) return
    const request = requestFor(stage, first, send.kind === 'reuse' ? send.sample : first.sample)
    if (send.kind === 'repeat') stage.count('request-repeated')
    if (send.kind === 'reuse') stage.count('request-id-reused')
    await untilStored(stage, await recordOf(stage, request, first))
    published.requests.push(request)
  }

  async function publishBad({ topic: noun, flaw, about }: Extract<Send, { kind: 'bad' }>): Promise<void> {
    const first = planned.get(about)
    const topic = topics.find((one) => one.noun === noun)
    if (first === undefined || topic === undefined) return
    stage.count('bad-record')
    const good = await recordOf(stage, requestFor(stage, first, first.sample), first)
    const headers = { ...good.headers, ce_source: `/agents/${noun}`, ce_type: topic.name, ce_id: `bad-${++spoilt}` }
    const record = { ...good, topic: topic.name, headers, value: spoiled(good.value ?? Buffer.alloc(0), flaw) }
    await untilStored(stage, record)
    published.bad.push({ topic: record.topic, key: String(record.key), headers, value: record.value })
  }
  return published
}

/** Only what the broker has acknowledged is published. */
async function untilStored(stage: Stage, record: OutRecord): Promise<void> {
  for (;;) {
    try {
      return await stage.append('producer', [record])
    } catch {
      await stage.clock.sleep(retryMs)
    }
  }
}

function requestFor({ fixtures, clock, plan }: Stage, planned: PlannedRequest, sample: number): Request {
  const { samples } = fixtures.domain
  const asked = samples[Math.floor(sample * samples.length)]?.request
  const { after: _, repeats: __, ...fields } = asked ?? {}
  const start = clock.now() - planned.at
  const text = 'text' in fields ? fields.text : `What about seed ${plan.seed}?`
  return Request.parse({
    ...fields,
    text,
    tenantId,
    requestId: planned.requestId,
    conversationId: planned.conversationId,
    ...(planned.withinMs !== null && { deadline: start + planned.at + planned.withinMs }),
  })
}

async function recordOf({ fixtures }: Stage, request: Request, { traced }: PlannedRequest): Promise<OutRecord> {
  const { requestId } = request
  const chance = createChance(requestId)
  const hex = (digits: number): string => Array.from({ length: digits }, () => chance.whole(1, 15).toString(16)).join('')
  const own = { traceparent: `00-${hex(32)}-${hex(16)}-01` }
  return {
    topic: requests.name,
    key: partitionKey({ tenantId: request.tenantId, conversationId: conversationOf(request) }),
    value: await fixtures.codec.encode(requests, request),
    headers: messageHeaders({
      topic: requests.name,
      messageId: contentHash({ tenantId, requestId, request }),
      source: 'producer',
      requestId,
      time: 0,
      trace: traceOf(traced ? own : {}, { tenantId, requestId }),
    }),
  }
}

function spoiled(value: Buffer, flaw: Flaw): Buffer | null {
  switch (flaw) {
    case 'garbage':
      return Buffer.from('not what anybody expects')
    case 'empty':
      return null
    case 'cut':
      return Buffer.from(value.subarray(0, Math.floor(value.length / 2)))
    case 'unknown-schema':
      return Buffer.concat([Buffer.from([0, 0, 0, 0, 7]), value.subarray(5)])
    case 'broken-rule':
      // Well-formed bytes for a request; no message of another topic, and a request with its text blanked out.
      return blanked(value)
  }
}

function blanked(value: Buffer): Buffer {
  const copy = Buffer.from(value)
  for (let at = 5; at < copy.length; at++) if ((copy[at] ?? 0) > 64) copy[at] = 7
  return copy
}
