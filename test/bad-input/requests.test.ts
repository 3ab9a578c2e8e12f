/** Invariant 12: whatever arrives gets the dead-letter topic with its reason, once, and nothing that runs dies of it. */
import { avroOf } from './wire.ts'
import { requests } from '@concord/contracts'
import type { OutRecord } from '@concord/messaging'
import { eventually } from '@concord/testing'
import { expect, test } from 'vitest'
import { startWorld, tenantId, type World } from '../e2e/world.ts'

const good = { tenantId, requestId: 'bad', text: 'How many days do I have to return shoes?' }

interface BadRecord {
  name: string
  record(world: World): Promise<Partial<OutRecord>> | Partial<OutRecord>
  /** What the dead letter's reason must name. */
  reason: RegExp
}

const bytes =
  (value: Buffer): BadRecord['record'] =>
  () => ({ value })
/** As a producer writes it that checks nothing: Avro alone. */
const fields =
  (changes: Record<string, unknown>): BadRecord['record'] =>
  (world) =>
    avroOf(world, { ...good, ...changes }).then((value) => ({ value }))

const bad: BadRecord[] = [
  { name: 'a record without a value', record: () => ({ value: null }), reason: /no value/ },
  { name: 'bytes that are no Avro', record: bytes(Buffer.from('{"text":"hello"}')), reason: /magic byte/ },
  { name: 'too few bytes', record: bytes(Buffer.from([0, 0])), reason: /too few/ },
  { name: 'an unknown schema id', record: bytes(Buffer.from([0, 0, 1, 226, 64, 2, 3])), reason: /123456/ },
  {
    name: 'bytes that end in the middle',
    record: async (world) => ({ value: (await avroOf(world, good)).subarray(0, 20) }),
    reason: /requests/,
  },
  { name: 'an empty text', record: fields({ text: '  ' }), reason: /text/ },
  { name: 'a text of 100 kB', record: fields({ text: 'a'.repeat(100_000) }), reason: /text/ },
  { name: 'control characters', record: fields({ text: 'ring the bell \u0007' }), reason: /control/ },
  { name: 'a missing id', record: fields({ requestId: '' }), reason: /requestId/ },
  { name: 'an id with white space', record: fields({ requestId: 'a b' }), reason: /requestId/ },
  {
    name: 'invalid UTF-8',
    record: async (world) => {
      const value = Buffer.from(await avroOf(world, { ...good, text: 'QQQQQQQQ' }))
      value.fill(0xff, value.indexOf('QQQQ'), value.indexOf('QQQQ') + 4)
      return { value }
    },
    reason: /UTF-8/,
  },
  {
    name: 'a header that is not UTF-8',
    record: async (world) => ({ value: await avroOf(world, good), headers: { traceparent: Buffer.from([0xff, 0xfe]) } }),
    reason: /traceparent.*UTF-8/,
  },
  {
    name: 'a header that repeats',
    record: async (world) => ({
      value: await avroOf(world, good),
      headers: { baggage: [Buffer.from('a=1'), Buffer.from('b=2')] },
    }),
    reason: /baggage.*2 times/,
  },
]

test.each(bad)('$name gets one dead letter with its reason, and what follows is answered', async ({ record, reason }) => {
  const world = await startWorld()
  const key = `${tenantId}:c-1`
  await world.sendRecords({ topic: requests.name, key, value: null, headers: {}, ...(await record(world)) })
  const letter = await eventually(async () => {
    const [first] = await world.deadLetters()
    if (first === undefined) throw new Error('there is no dead letter')
    return first
  })
  expect(String(letter.headers['x-error-message'])).toMatch(reason)
  expect(String(letter.headers['x-error-class'])).toBe('unreadable')
  expect(String(letter.headers['x-original-topic'])).toBe(requests.name)
  expect(letter.topic).toBe(`${requests.name}.coordinator.dlq`)

  expect(await world.ask(world.request({ text: good.text, conversationId: 'c-1' }))).toMatchObject({ outcome: 'answered' })
  expect(await world.deadLetters()).toHaveLength(1)
  expect(world.of('bad', 'replies')).toEqual([])
  expect(world.constellation.services.map((service) => service.health())).toEqual(
    world.constellation.services.map(() => ({ ok: true })),
  )
})

test('all of them at once, each twice, hold up nobody', async () => {
  const world = await startWorld()
  const records = await Promise.all(
    [...bad, ...bad].map(async ({ record }, at) => ({
      topic: requests.name,
      key: `${tenantId}:c-${at}`,
      value: null,
      headers: {},
      ...(await record(world)),
    })),
  )
  await world.sendRecords(...records)
  const asked = Array.from({ length: 26 }, (_, at) => world.request({ text: good.text, conversationId: `c-${at}` }))
  const results = await Promise.all(asked.map((request) => world.ask(request)))
  expect(results.map(({ outcome }) => outcome)).toEqual(asked.map(() => 'answered'))
  await eventually(async () => expect(await world.deadLetters()).toHaveLength(records.length))
})
