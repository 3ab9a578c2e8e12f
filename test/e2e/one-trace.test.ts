/** Invariant 6: one trace id from the producer to the reply. */
import { deriveTraceId, requests } from '@concord/contracts'
import { expect, test } from 'vitest'
import { startWorld, tenantId } from './world.ts'

test('one trace id stands in the headers of every message of a case, from request to reply', async () => {
  const world = await startWorld()
  const request = world.request({ text: 'I want a refund for order W2040130', customerId: 'C1001' })
  const result = await world.ask(request)
  const own = world.of(request.requestId)
  const nouns = new Set(own.map(({ noun }) => noun))
  expect([...nouns]).toEqual(
    expect.arrayContaining([
      'requests',
      'triage',
      'knowledge',
      'policy',
      'briefs',
      'drafts',
      'replies',
      'case-events',
      'model-calls',
    ]),
  )
  expect(new Set(own.map(({ traceId }) => traceId))).toEqual(new Set([result.traceId]))
  expect(own.every(({ headers }) => headers['traceparent']?.slice(3, 35) === result.traceId)).toBe(true)
  expect(own.every(({ headers, topic }) => headers['ce_type'] === topic && headers['ce_subject'] === request.requestId)).toBe(
    true,
  )
})

test('a request without a traceparent gets the trace that its ids give, in every hop', async () => {
  const world = await startWorld()
  const request = world.request({ text: 'Do you ship to Finland?' })
  const { codec } = world.constellation
  await world.sendRecords({
    topic: requests.name,
    key: `${tenantId}:${request.requestId}`,
    value: await codec.encode(requests, request),
    headers: {},
  })
  const result = await world.outcomes.waitFor(request)
  expect(result.traceId).toBe(deriveTraceId(request))
  expect(new Set(world.of(request.requestId).map(({ traceId }) => traceId))).toEqual(new Set([result.traceId]))
})

test("a producer's own trace is kept, with its state and baggage", async () => {
  const world = await startWorld()
  const request = world.request({ text: 'Do you ship to Finland?' })
  const { codec } = world.constellation
  const traceId = 'abcdef0123456789abcdef0123456789'
  await world.sendRecords({
    topic: requests.name,
    key: `${tenantId}:${request.requestId}`,
    value: await codec.encode(requests, request),
    headers: { traceparent: `00-${traceId}-1122334455667788-01`, tracestate: 'vendor=1', baggage: 'shop=north' },
  })
  expect((await world.outcomes.waitFor(request)).traceId).toBe(traceId)
  const own = world.of(request.requestId)
  expect(new Set(own.map((entry) => entry.traceId))).toEqual(new Set([traceId]))
  expect(own.every(({ headers }) => headers['baggage'] === 'shop=north')).toBe(true)
})
