import { Fault } from '@concord/contracts'
import type { InRecord, OutRecord } from '@concord/messaging'
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { deadLetter } from '../dead-letter.ts'
import type { Shell } from '../shell.ts'
import { aRecord, aWork, pieces } from '../testing/pieces.ts'
import { letterId, ownHeaders, placeOfLetter, readLetter, replayOf } from './letter.ts'

let shell: Shell

beforeAll(async () => {
  shell = (await pieces()).shell
})

/** The letter as it lies on its topic. */
function written(record: InRecord, fault = new Fault('model_refused', 'no.')): InRecord {
  const { key, headers, ...out } = deadLetter(aWork({ record }), fault, shell)
  return { ...out, ...asRead({ key, headers }), partition: 0, offset: 3, timestamp: record.timestamp + 5 }
}

const asRead = ({ key, headers }: Pick<OutRecord, 'key' | 'headers'>): Pick<InRecord, 'key' | 'headers'> => ({
  key: typeof key === 'string' ? Buffer.from(key) : key,
  headers: Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, typeof value === 'string' ? Buffer.from(value) : value]),
  ),
})

test('a letter says who gave what up, why, when and how often', () => {
  const letter = readLetter(written(aRecord({ headers: { 'x-replay-count': Buffer.from('1') } })))
  expect(letter).toMatchObject({
    id: 'triage.v1.agent/0/3',
    group: 'agent',
    at: Date.UTC(2026, 0, 1) + 5,
    original: { topic: 'concord.triage.v1', partition: 1, offset: 7, timestamp: Date.UTC(2026, 0, 1) },
    errorClass: 'model_refused',
    message: 'model_refused: no.',
    retriable: false,
    attempts: 1,
    serviceVersion: '1.0.0',
    replays: 1,
    omitted: 'nothing',
  })
})

test('what somebody else puts on the topic is no letter', () => {
  expect(readLetter(aRecord())).toBeNull()
  expect(readLetter(aRecord({ headers: { 'x-original-topic': Buffer.from('jobs') } }))).toBeNull()
})

const bytes = fc.uint8Array({ maxLength: 50 }).map((array) => Buffer.from(array))
const headerName = fc.string({ minLength: 1, maxLength: 12 }).filter((name) => name !== '__proto__' && !name.startsWith('x-'))

test('a replay is the message again: topic, partition, key, bytes and headers as they were, and its count', () => {
  const messages = fc.record({
    key: fc.option(bytes, { nil: null }),
    value: fc.option(bytes, { nil: null }),
    headers: fc.dictionary(headerName, fc.oneof(bytes, fc.array(bytes, { minLength: 2, maxLength: 3 }))),
    replays: fc.nat(5),
  })
  fc.assert(
    fc.property(messages, ({ key, value, headers, replays }) => {
      const count = replays === 0 ? {} : { 'x-replay-count': Buffer.from(String(replays)) }
      const record = written(aRecord({ key, value, headers: { ...headers, ...count } }))
      const letter = readLetter(record)
      expect(letter && replayOf(letter, record)).toEqual({
        topic: 'concord.triage.v1',
        partition: 1,
        key,
        value,
        headers: { ...headers, 'x-replay-count': String(replays + 1) },
      })
    }),
  )
})

test('the headers of the letter are not the message’s own', () => {
  const { headers } = written(aRecord({ headers: { traceparent: Buffer.from('t') } }))
  expect(Object.keys(ownHeaders(headers))).toEqual(['traceparent'])
})

test.each([
  ['concord.requests.v1.triage.dlq', 'requests.v1.triage/0/3'],
  ['other.dlq', 'other.dlq/0/3'],
])('a letter on %s has the id %s, by which it is found', (topic, id) => {
  expect(letterId({ topic, partition: 0, offset: 3 })).toBe(id)
  expect(placeOfLetter(id)).toEqual({ topic, partition: 0, offset: 3 })
  expect(placeOfLetter(`${topic}/0/3`)).toEqual({ topic, partition: 0, offset: 3 })
})

test.each(['', 'requests.v1.triage', 'requests.v1.triage/0', 'a/b/c', '../0/1/2'])('%j is no id', (id) => {
  expect(placeOfLetter(id)).toBeNull()
})
