import { expect, test } from 'vitest'
import { childOf, deriveTraceId, isTraceparent, traceIdOf, traceOf } from './trace.ts'

const of = { tenantId: 'acme', requestId: 'r-1' }
const traceId = '0af7651916cd43dd8448eb211c80319c'
const traceparent = `00-${traceId}-b7ad6b7169203331-01`

test('a valid traceparent is kept, with what came beside it', () => {
  const headers = { traceparent, tracestate: 'a=1', baggage: 'b=2', ce_id: 'm' }
  expect(traceOf(headers, of)).toEqual({ traceparent, tracestate: 'a=1', baggage: 'b=2' })
  expect(traceIdOf(traceOf(headers, of))).toBe(traceId)
})

test('without a valid traceparent every reader derives the same trace', () => {
  const derived = traceOf({}, of)
  expect(traceIdOf(derived)).toBe(deriveTraceId(of))
  expect(isTraceparent(derived.traceparent)).toBe(true)
  expect(traceOf({ traceparent: 'nonsense', tracestate: 'a=1', baggage: 'b=2' }, of)).toEqual({ ...derived, baggage: 'b=2' })
  expect(deriveTraceId({ ...of, requestId: 'r-2' })).not.toBe(deriveTraceId(of))
  expect(deriveTraceId({ ...of, tenantId: 'other' })).not.toBe(deriveTraceId(of))
})

test.each([
  [traceparent, true],
  [`01-${traceId}-b7ad6b7169203331-01-more`, true],
  [`00-${traceId}-b7ad6b7169203331-01-more`, false],
  [`ff-${traceId}-b7ad6b7169203331-01`, false],
  [`00-${'0'.repeat(32)}-b7ad6b7169203331-01`, false],
  [`00-${traceId}-${'0'.repeat(16)}-01`, false],
  [`00-${traceId.toUpperCase()}-b7ad6b7169203331-01`, false],
  [`00-${traceId}-b7ad6b7169203331`, false],
  ['', false],
])('traceparent %s is valid: %s', (text, valid) => {
  expect(isTraceparent(text)).toBe(valid)
})

test('a child stays in the trace under a parent id of its own', () => {
  const parent = { traceparent, baggage: 'b=2' }
  const [one, other] = [childOf(parent), childOf(parent)]
  expect(traceIdOf(one)).toBe(traceId)
  expect(isTraceparent(one.traceparent)).toBe(true)
  expect(one.traceparent).not.toBe(other.traceparent)
  expect(one.baggage).toBe('b=2')
})

test('a parent id is never zero', () => {
  expect(isTraceparent(childOf({ traceparent }, () => 0).traceparent)).toBe(true)
  expect(isTraceparent(childOf({ traceparent }, () => 1 - Number.EPSILON / 2).traceparent)).toBe(true)
})
