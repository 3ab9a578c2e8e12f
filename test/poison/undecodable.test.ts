/** What nobody can read: quarantined at once, byte for byte, with its reason, and the next message flows. */
import {
  createCodec,
  createFolderRegistry,
  failures,
  Fault,
  knowledge,
  loadSchemas,
  partitionKey,
  policy,
  triaged,
  type SchemaRegistry,
  type Topic,
} from '@concord/contracts'
import { aKnowledge, anEnvelope, aPolicy, aTriage } from '@concord/contracts/testing'
import type { OutRecord } from '@concord/messaging'
import { defineAgent, perSecond, publish, runAgent, seconds } from '@concord/runtime'
import { createBench, type Bench } from '@concord/runtime/testing'
import { expect, onTestFinished, test } from 'vitest'

const schemas = loadSchemas()
const folder = createFolderRegistry(schemas)
const codec = createCodec({ registry: folder, schemas })
const letters = `${triaged.name}.reader.dlq`

const reader = defineAgent({
  name: 'reader',
  version: '1',
  domainVersion: 'd1',
  consumes: [triaged],
  produces: [knowledge],
  concurrency: 4,
  rate: perSecond(100_000),
  deadline: seconds(30),
  handle: async (_, context) => publish(knowledge, { ...aKnowledge(), envelope: context.envelope() }),
})

async function reading(registry: SchemaRegistry = folder): Promise<Bench> {
  const bench = await createBench({
    manifest: reader,
    partitions: 1,
    overrides: { registry, codec: createCodec({ registry, schemas }) },
  })
  const run = runAgent(reader, bench.deps, { clientId: 'reader-0' })
  onTestFinished(async () => {
    await Promise.all([run.stop(), bench.pass(20_000)])
    expect(run.health()).toEqual({ ok: true })
  })
  await bench.pass()
  await run.started
  return bench
}

const envelope = anEnvelope({ deadline: Date.UTC(2090, 0, 1) })
const good = aTriage({ envelope })
const value = await codec.encode(triaged, good)
const key = Buffer.from(partitionKey(envelope))

/** Follows the Avro schema and may break every other rule. */
const unchecked = (topic: Topic): Topic =>
  ({ ...topic, schema: { safeParse: (data: unknown) => ({ success: true, data }) } }) as never
const written = (changes: object) => codec.encode(unchecked(triaged), { ...good, ...changes })
const withEnvelope = (changes: object) => written({ envelope: { ...envelope, ...changes } })

const withId = (id: number, payload = value.subarray(5)): Buffer => {
  const head = Buffer.alloc(5)
  head.writeInt32BE(id, 1)
  return Buffer.concat([head, payload])
}
/** The first string of the message announces this many bytes: zig-zag, seven bits at a time. */
const announcing = (...length: number[]): Buffer => Buffer.concat([value.subarray(0, 5), Buffer.from(length)])
const twice = (text: string): Buffer[] => [Buffer.from(text), Buffer.from(text)]
const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

const bad: [name: string, record: Partial<OutRecord>, reason: RegExp][] = [
  ['no value', { value: null }, /no value/],
  ['an empty value', { value: Buffer.alloc(0) }, /0 bytes are too few/],
  ['too few bytes', { value: Buffer.from([0, 0, 1]) }, /3 bytes are too few/],
  ['another magic byte', { value: Buffer.concat([Buffer.from([1]), value.subarray(1)]) }, /magic byte/],
  ['JSON', { value: Buffer.from(JSON.stringify({ intent: 'x' })) }, /magic byte/],
  ['an unknown schema id', { value: withId(4_711) }, /schema id 4711/],
  ['a negative schema id', { value: withId(-1) }, /schema id -1/],
  ['nothing after the schema id', { value: value.subarray(0, 5) }, /the bytes end within/],
  ['half of the bytes', { value: value.subarray(0, value.length >> 1) }, /the bytes end within/],
  ['bytes left over', { value: Buffer.concat([value, value]) }, /bytes are left over/],
  ['a text of two gigabytes, announced', { value: announcing(0xfe, 0xff, 0xff, 0xff, 0x0f) }, /the bytes end within/],
  [
    'a text of a petabyte, announced',
    { value: announcing(0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01) },
    /the bytes end within/,
  ],
  ['a negative length', { value: announcing(0x01) }, /negative length/],
  ['an endless length', { value: announcing(...Array<number>(11).fill(0xff)) }, /more than ten bytes/],
  ['a message of another topic', { value: await codec.encode(policy, aPolicy({ envelope })) }, /cannot be read as/],
  ['an id of 10 kB', { value: await withEnvelope({ requestId: 'x'.repeat(10_000) }) }, /requestId/],
  ['a tenant of 10 kB', { value: await withEnvelope({ tenantId: 'x'.repeat(10_000) }) }, /tenantId/],
  ['an id with white space', { value: await withEnvelope({ conversationId: 'a b' }) }, /conversationId/],
  ['a value out of range', { value: await written({ confidence: 17 }) }, /confidence/],
  ['not a number', { value: await written({ confidence: NaN }) }, /confidence/],
  ['no key', { key: null }, /no key/],
  ['an empty key', { key: Buffer.alloc(0) }, /the key of the record is not/],
  ['a key that is not UTF-8', { key: Buffer.from([0xff, 0xfe, 0x3a, 0x80]) }, /the key of the record is not/],
  ["another tenant's key", { key: 'mallory:req-1' }, /the key of the record is not/],
  ["another conversation's key", { key: 'acme:req-2' }, /the key of the record is not/],
  ['a key of 10 kB', { key: 'acme:'.padEnd(10_000, 'x') }, /the key of the record is not/],
  ['a header twice', { headers: { traceparent: twice(traceparent) } }, /traceparent.*2 times/],
  ['a header that is not UTF-8', { headers: { ce_id: Buffer.from([0xff]) } }, /ce_id.*UTF-8/],
]

const record = (changes: Partial<OutRecord> = {}): OutRecord => ({ topic: triaged.name, key, value, headers: {}, ...changes })

test.each(bad)('%s is quarantined at once, and the next message of the partition flows', async (_, changes, reason) => {
  const bench = await reading()
  const sent = record({ headers: { 'x-mine': 'kept' }, ...changes })
  await bench.sendRecord(sent)
  await bench.sendRecord(record())
  const [letter, ...more] = await bench.on(letters)
  expect(more).toEqual([])
  expect([letter?.record.key, letter?.record.value]).toEqual([sent.key === null ? null : Buffer.from(sent.key), sent.value])
  const headers = letter?.record.headers ?? {}
  expect(String(headers['x-error-message'])).toMatch(reason)
  expect(['x-error-class', 'x-attempt', 'x-original-offset'].map((name) => String(headers[name]))).toEqual([
    'unreadable',
    '1',
    '0',
  ])
  expect(Object.keys(headers)).toEqual(expect.arrayContaining(Object.keys(sent.headers)))
  expect(await bench.figure('dead_letters_total', { code: 'unreadable' })).toBe(1)
  expect(await bench.on(knowledge)).toHaveLength(1)
  await bench.pass(1_000)
  const admin = await bench.broker.admin()
  expect((await admin.committed('reader', triaged.name)).map(({ offset }) => offset)).toEqual([2])
  // Nobody knows whose case it is: the coordinator finds the answer unreadable itself.
  expect(await bench.on(failures)).toEqual([])
})

test.each([
  ['no headers', {}],
  ['a traceparent that is none', { traceparent: 'garbage' }],
  ['a traceparent of zeros', { traceparent: `00-${'0'.repeat(32)}-${'0'.repeat(16)}-01` }],
  ['a traceparent of 10 kB', { traceparent: '00-'.padEnd(10_000, 'a') }],
  ['headers of others', { 'content-type': 'text/plain', ce_specversion: '9', ce_id: '', ce_source: '//', 'x-attempt': 'NaN' }],
  ['a hundred headers', Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`h-${at}`, 'x'.repeat(100)]))],
  ['a header named like a trap', JSON.parse('{"__proto__":"x","constructor":"y"}') as Record<string, string>],
])('%s: handled as any', async (_, headers) => {
  const bench = await reading()
  await bench.sendRecord(record({ headers }))
  const [answer] = await bench.on(knowledge)
  expect(String(answer?.record.headers['traceparent'])).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$/)
  expect(await bench.on(letters)).toEqual([])
})

test('a message of the future is handled now, and one whose time is over is late', async () => {
  const bench = await reading()
  const now = bench.clock.now()
  const future = now + 365 * 86_400_000
  const request = { ...envelope.request, receivedAt: future }
  await bench.sendRecord(record({ value: await withEnvelope({ madeAt: future, deadline: future + 60_000, request }) }))
  expect(await bench.on(knowledge)).toHaveLength(1)
  await bench.sendRecord(record({ value: await withEnvelope({ messageId: 'late', deadline: now - 1 }) }))
  await bench.sendRecord(record({ value: await withEnvelope({ messageId: 'long-ago', deadline: -1 }) }))
  expect(await bench.on(knowledge)).toHaveLength(1)
  expect(await bench.figure('messages_skipped_total', { reason: 'late' })).toBe(2)
  expect(await bench.on(letters)).toEqual([])
})

test('while the registry is away nothing is poison; when it is back, it says what is', async () => {
  let away = false
  const answer = <T>(run: () => Promise<T>): Promise<T> =>
    away ? Promise.reject(new Fault('registry_unavailable', 'away.', { retryable: true })) : run()
  const bench = await reading({
    idOf: (subject, schema) => answer(() => folder.idOf(subject, schema)),
    schemaById: (id) => answer(() => folder.schemaById(id)),
    ping: () => answer(() => folder.ping()),
  })
  away = true
  await bench.sendRecord(record({ value: withId(4_711) }))
  await bench.sendRecord(record())
  await bench.pass(60_000)
  expect(await bench.on(letters)).toEqual([])
  expect(await bench.figure('dependency_missing', { dependency: 'registry' })).toBe(1)
  away = false
  await bench.pass(20_000)
  expect(await bench.on(letters)).toHaveLength(1)
  expect(await bench.on(knowledge)).toHaveLength(1)
})

test('all of them at once are quarantined in one pass', async () => {
  const bench = await reading()
  for (const [, changes] of bad) await bench.sendRecord(record(changes))
  await bench.sendRecord(record())
  expect(await bench.on(letters)).toHaveLength(bad.length)
  expect(await bench.on(knowledge)).toHaveLength(1)
})
