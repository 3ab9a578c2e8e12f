import { expect, test } from 'vitest'
import { measureLatency, quantile } from './latency.ts'
import { aReply, aSighting } from './testing.ts'

const request = (requestId: string, at: number) => aSighting({ noun: 'requests', requestId, at })

test('a latency is from the first record of a request to the first of its outcome', () => {
  const sightings = [request('a', 100), request('a', 150), aReply('a', { at: 400 }), aReply('a', { at: 900 })]
  expect(measureLatency(sightings, 0)).toEqual({ p50: 300, p99: 300, recovery: 0 })
})

test('the recovery is the longest wait after all was mended, of those who had asked by then', () => {
  const sightings = [request('a', 100), aReply('a', { at: 700 }), request('b', 600), aReply('b', { at: 2_000 })]
  expect(measureLatency(sightings, 500).recovery).toBe(200)
})

test('a case that a person decides says nothing of speed', () => {
  const notice = aReply('a', { at: 200, body: { kind: 'reply', outcome: 'escalated', reason: 'safety' } })
  expect(measureLatency([request('a', 100), notice, aReply('a', { at: 9_000 })], 0).p99).toBe(0)
})

test('a quantile is one of the numbers', () => {
  const numbers = Array.from({ length: 100 }, (_, at) => at + 1)
  expect([quantile(numbers, 0.5), quantile(numbers, 0.99), quantile([7], 0.5), quantile([], 0.5)]).toEqual([50, 99, 7, 0])
})
