import { expect, test } from 'vitest'
import { checkRecord, recordBytes } from './record-check.ts'
import { outRecord } from './testing/probe.ts'

const counts = new Map([['topic', 1]])

test('a record may be as big as allowed, and no bigger', () => {
  const record = outRecord({ topic: 'topic', key: 'key', value: Buffer.alloc(500), headers: { name: 'väl' } })
  const bytes = recordBytes(record)
  expect(() => checkRecord(record, counts, bytes)).not.toThrow()
  expect(() => checkRecord(record, counts, bytes - 1)).toThrow(`it takes ${bytes} bytes of at most ${bytes - 1}`)
})

test('a refusal names the header and shows nothing of its value', () => {
  const record = outRecord({ topic: 'topic', headers: { name: { secret: 'content' } as never } })
  expect(() => checkRecord(record, counts, 1_000)).toThrow('the header name is neither string')
  expect(() => checkRecord(record, counts, 1_000)).not.toThrow('content')
})
