import { expect, test } from 'vitest'
import { messageHeaders, readHeaders } from './headers.ts'

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

test('a message carries CloudEvents in binary mode and its trace', () => {
  const time = Date.UTC(2026, 4, 12, 9, 30)
  const of = { topic: 'concord.triage.v1', messageId: 'm-1', source: 'triage', requestId: 'r-1', time }
  expect(messageHeaders({ ...of, trace: { traceparent, tracestate: 'a=1', baggage: 'b=2' } })).toEqual({
    ce_specversion: '1.0',
    ce_id: 'm-1',
    ce_type: 'concord.triage.v1',
    ce_source: '/agents/triage',
    ce_subject: 'r-1',
    ce_time: '2026-05-12T09:30:00.000Z',
    traceparent,
    tracestate: 'a=1',
    baggage: 'b=2',
  })
  expect(Object.keys(messageHeaders({ ...of, trace: { traceparent } }))).not.toContain('tracestate')
})

test('headers come back as the strings they were', () => {
  const headers = {
    ce_id: Buffer.from('m-1'),
    ce_subject: Buffer.from('Anfrage-ä'),
    empty: Buffer.alloc(0),
    once: [Buffer.from('x')],
    gone: undefined,
  }
  expect(readHeaders(headers)).toEqual({ ce_id: 'm-1', ce_subject: 'Anfrage-ä', empty: '', once: 'x' })
  expect(readHeaders(undefined)).toEqual({})
})

test.each([
  ['repeats', { ce_id: [Buffer.from('a'), Buffer.from('b')] }, /"ce_id" appears 2 times/],
  ['is not UTF-8', { ce_id: Buffer.from([0x66, 0xff]) }, /"ce_id" is not valid UTF-8/],
  ['has no value', { ce_id: null }, /"ce_id" has no value/],
])('a header that %s is refused by its name', (_, headers, message) => {
  expect(() => readHeaders(headers)).toThrow(message)
  expect(() => readHeaders(headers)).toThrow(/^unreadable: .*Send each header once, as a UTF-8 string\.$/)
})

test('a header that names a prototype is a header', () => {
  const read = readHeaders(Object.fromEntries([['__proto__', Buffer.from('x')]]))
  expect(Object.entries(read)).toEqual([['__proto__', 'x']])
})

test('a long header name is cut', () => {
  expect(() => readHeaders({ ['n'.repeat(5_000)]: null })).toThrow(/^.{0,200}$/)
})
