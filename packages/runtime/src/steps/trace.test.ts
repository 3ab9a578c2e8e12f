import { deriveTraceId, traceIdOf } from '@concord/contracts'
import { expect, test } from 'vitest'
import { aRecord, aWork, pieces } from '../testing/pieces.ts'
import { spanOf } from '../work.ts'
import { trace } from './trace.ts'

const header = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

test("what the handling causes has the message's trace id and a new span id, with no SDK running", async () => {
  const { shell } = await pieces()
  const work = aWork({ record: aRecord({ headers: { traceparent: Buffer.from(header) } }) })
  await trace(shell)(work, async () => ({ kind: 'done' }))
  expect(traceIdOf(spanOf(work).trace)).toBe('0af7651916cd43dd8448eb211c80319c')
  expect(spanOf(work).trace.traceparent).not.toBe(header)
})

test.each([
  ['none', {}],
  ['a broken one', { traceparent: Buffer.from('00-xyz') }],
  ['two', { traceparent: [Buffer.from(header), Buffer.from(header)] }],
])('with %s in the headers, every reader derives the same trace id', async (_, headers) => {
  const { shell } = await pieces()
  const work = aWork({ record: aRecord({ headers }) })
  await trace(shell)(work, async () => ({ kind: 'done' }))
  expect(traceIdOf(spanOf(work).trace)).toBe(deriveTraceId({ tenantId: 'acme', requestId: 'req-1' }))
})
