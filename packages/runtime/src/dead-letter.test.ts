import { Fault, requests } from '@concord/contracts'
import { defaultMaxRecordBytes, recordBytes, type InRecord } from '@concord/messaging'
import { beforeAll, expect, test } from 'vitest'
import { deadLetter, replayCount } from './dead-letter.ts'
import type { Shell } from './shell.ts'
import { aRecord, aWork, pieces } from './testing/pieces.ts'

let shell: Shell

beforeAll(async () => {
  shell = (await pieces()).shell
})

const letterOf = (record: Partial<InRecord>, fault = new Fault('unreadable', 'no.')) =>
  deadLetter(aWork({ record: aRecord(record) }), fault, shell)

test('the headers are those of the convention, all of them text', () => {
  const fault = new Fault('model_unavailable', 'nobody answers.', { retryable: true })
  const record = aRecord({ topic: requests.name, partition: 2, offset: 41, headers: { traceparent: Buffer.from('00-aa-bb-01') } })
  const { topic, headers } = deadLetter(aWork({ record, attempt: 3 }), fault, shell)
  expect(topic).toBe('concord.requests.v1.agent.dlq')
  expect(headers).toEqual({
    traceparent: Buffer.from('00-aa-bb-01'),
    'x-original-topic': 'concord.requests.v1',
    'x-original-partition': '2',
    'x-original-offset': '41',
    'x-original-timestamp': String(record.timestamp),
    'x-consumer-group': 'agent',
    'x-attempt': '3',
    'x-first-failure-at': String(Date.UTC(2026, 0, 1)),
    'x-error-class': 'model_unavailable',
    'x-error-message': 'model_unavailable: nobody answers.',
    'x-error-stack': expect.stringContaining('dead-letter.test.ts'),
    'x-error-retriable': 'true',
    'x-service-version': '1.0.0',
    'x-replay-count': '0',
  })
})

test('what failed at once has failed now, however long it had queued', () => {
  const { headers } = deadLetter(aWork({ firstSeenAt: 5 }), new Fault('unreadable', 'no.'), shell)
  expect(headers['x-first-failure-at']).toBe(String(shell.deps.clock.now()))
})

test.each<[string, Partial<InRecord>]>([
  ['a key and a value that are no text', { key: Buffer.from([0xff, 0]), value: Buffer.from([0, 1, 0xfe]) }],
  ['neither key nor value', { key: null, value: null }],
  ['an empty key and an empty value', { key: Buffer.alloc(0), value: Buffer.alloc(0) }],
])('%s are kept byte for byte', (_, bytes) => {
  expect(letterOf(bytes)).toMatchObject(bytes)
})

test('headers that repeat, or are no text, are kept as they are', () => {
  const headers = { baggage: [Buffer.from('a'), Buffer.from('b')], odd: Buffer.from([0xff, 0xfe]) }
  expect(letterOf({ headers }).headers).toMatchObject(headers)
})

test('a header without a value, which no client of ours can send, becomes an empty one', () => {
  const headers = { none: null, some: [Buffer.from('a'), null] } as unknown as InRecord['headers']
  expect(letterOf({ headers }).headers).toMatchObject({ none: Buffer.alloc(0), some: [Buffer.from('a'), Buffer.alloc(0)] })
})

test('message and stack are bounded in bytes, and no character is cut in two', () => {
  const { headers } = letterOf({}, new Fault('unreadable', 'ü'.repeat(5_000)))
  const bytes = (name: string) => Buffer.byteLength(String(headers[name]))
  expect(bytes('x-error-message')).toBeGreaterThan(1_000)
  expect(bytes('x-error-message')).toBeLessThanOrEqual(1_024)
  expect(bytes('x-error-stack')).toBeLessThanOrEqual(4_096)
  expect(String(headers['x-error-message'])).toMatch(/^unreadable: ü+$/)
})

test('a record that leaves no room for the reason is pointed at', () => {
  const letter = letterOf({ key: Buffer.from('key'), value: Buffer.alloc(defaultMaxRecordBytes) })
  expect(letter).toMatchObject({
    key: Buffer.from('key'),
    value: null,
    headers: { 'x-omitted': 'value', 'x-original-offset': '7' },
  })
  expect(recordBytes(letter)).toBeLessThan(defaultMaxRecordBytes)
})

test('so is one whose headers leave none', () => {
  const letter = letterOf({ headers: { large: Buffer.alloc(defaultMaxRecordBytes) } })
  expect(letter).toMatchObject({
    key: null,
    value: null,
    headers: { 'x-omitted': 'key, value, headers', 'x-original-offset': '7' },
  })
  expect(letter.headers).not.toHaveProperty('large')
})

test.each<[string, unknown, number]>([
  ['a number', Buffer.from('2'), 2],
  ['nothing', undefined, 0],
  ['no number', Buffer.from('many'), 0],
  ['a number below 0', Buffer.from('-1'), 0],
  ['a header that repeats', [Buffer.from('1'), Buffer.from('2')], 0],
  ['a header without a value', null, 0],
])('a replay count that is %s is taken as it counts', (_, value, count) => {
  const headers = (value === undefined ? {} : { 'x-replay-count': value }) as InRecord['headers']
  expect(replayCount({ headers })).toBe(count)
})
