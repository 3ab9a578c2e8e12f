/** Against a Confluent-compatible registry at SCHEMA_REGISTRY_URL. */
import { randomUUID } from 'node:crypto'
import { SchemaRegistry as ForeignClient } from '@kafkajs/confluent-schema-registry'
import { expect, test } from 'vitest'
import type { AvroComplex, AvroField } from './avro.ts'
import { createCodec } from './codec.ts'
import { createConfluentRegistry } from './registry-confluent.ts'
import { checkSchemas, registerSchemas } from './schema-register.ts'
import { loadSchemas, schemasOf, type SchemaSet } from './schemas.ts'
import { aRequest, aTriage } from './testing.ts'
import { requests, topics, triaged, type Topic } from './topics.ts'

const url =
  process.env['SCHEMA_REGISTRY_URL'] ?? fail('SCHEMA_REGISTRY_URL is not set. Run `make test`, which starts a registry.')
const files = loadSchemas()
const requestSchema = schemasOf(files, requests.subject).current as AvroComplex

function fail(message: string): never {
  throw new Error(message)
}

/** The request's contract under a subject that no other test knows, with these fields changed. */
function aSet(subject: string, change: (fields: readonly AvroField[]) => readonly AvroField[] = (fields) => fields): SchemaSet {
  const current = { ...requestSchema, fields: change(requestSchema.fields ?? []) }
  return { folder: 'memory', subjects: [{ noun: 'requests', major: 1, subject, current, earlier: [] }] }
}

function anOwnTopic(): typeof requests {
  return { ...requests, subject: `test.${randomUUID()}-value` }
}

test('the contracts are registered once, and again without effect', async () => {
  const first = await registerSchemas(url, files)
  expect(first.map((one) => one.outcome)).not.toContain('refused')
  const again = await registerSchemas(url, files)
  expect(again).toEqual(first.map((one) => ({ ...one, outcome: 'unchanged' })))
  expect((await checkSchemas(files, { url })).map((check) => check.outcome)).toEqual(topics.map(() => 'unchanged'))
})

test('a message goes through, and a foreign client reads it with the registry alone', async () => {
  await registerSchemas(url, files)
  const codec = createCodec({ registry: createConfluentRegistry({ url }), schemas: files })
  await codec.prepare(topics)
  const [request, triage] = [aRequest({ text: 'Schöne Grüße ☂' }), aTriage()]
  const bytes = await codec.encode(requests, request)
  expect(await codec.decode(requests, bytes)).toEqual(request)
  expect(await codec.decode(triaged, await codec.encode(triaged, triage))).toEqual(triage)
  expect(await new ForeignClient({ host: url }).decode(bytes)).toMatchObject(request)
})

test('a schema that nobody registered is told from a registry that is away', async () => {
  const topic = anOwnTopic()
  const schemas = aSet(topic.subject)
  const unregistered = createCodec({ registry: createConfluentRegistry({ url }), schemas })
  await expect(unregistered.encode(topic, aRequest())).rejects.toMatchObject({ code: 'schema_unregistered', retryable: false })
  await registerSchemas(
    url,
    aSet(topic.subject, (fields) => fields.toReversed()),
  )
  await expect(unregistered.prepare([topic as Topic])).rejects.toMatchObject({ code: 'schema_unregistered' })
  const away = createCodec({ registry: createConfluentRegistry({ url: 'http://127.0.0.1:1' }), schemas })
  await expect(away.encode(topic, aRequest())).rejects.toMatchObject({ code: 'registry_unavailable', retryable: true })
})

test('a contract that grows is read by old and new, in both directions', async () => {
  const topic = anOwnTopic()
  const older = aSet(topic.subject)
  const newer = aSet(topic.subject, (fields) => [...fields, { name: 'device', type: ['null', 'string'], default: null }])
  expect(await registerSchemas(url, older)).toMatchObject([{ outcome: 'registered' }])
  expect(await checkSchemas(newer, { url })).toMatchObject([{ outcome: 'compatible', comparedWith: 1, reasons: [] }])
  expect(await registerSchemas(url, newer)).toMatchObject([{ outcome: 'registered' }])
  const [old, young] = [older, newer].map((schemas) => createCodec({ registry: createConfluentRegistry({ url }), schemas }))
  const [byOld, byYoung] = [await old!.encode(topic, aRequest()), await young!.encode(topic, aRequest())]
  expect(byOld.readInt32BE(1)).not.toBe(byYoung.readInt32BE(1))
  expect(await young!.decode(topic, byOld)).toEqual(aRequest())
  expect(await old!.decode(topic, byYoung)).toEqual(aRequest())
})

test('a contract that breaks its readers is refused, with the reason', async () => {
  const topic = anOwnTopic()
  await registerSchemas(url, aSet(topic.subject))
  const broken = aSet(topic.subject, (fields) => [...fields, { name: 'device', type: 'string' }])
  const reasons = ['device is new and has no default']
  expect(await checkSchemas(broken, { url })).toMatchObject([{ outcome: 'incompatible', reasons }])
  expect(await registerSchemas(url, broken)).toEqual([{ subject: topic.subject, outcome: 'refused', id: null, reasons }])
  const answer = await fetch(`${url}/subjects/${topic.subject}/versions`, {
    method: 'POST',
    headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
    body: JSON.stringify({ schema: JSON.stringify(broken.subjects[0]?.current) }),
  })
  expect(answer.status).toBe(409)
})

test('an id that the registry does not know is unreadable', async () => {
  await registerSchemas(url, files)
  const codec = createCodec({ registry: createConfluentRegistry({ url }), schemas: files })
  const bytes = await codec.encode(requests, aRequest())
  bytes.writeInt32BE(2_000_000_000, 1)
  await expect(codec.decode(requests, bytes)).rejects.toMatchObject({ code: 'unreadable', retryable: false })
  await expect(createConfluentRegistry({ url }).ping()).resolves.toBeUndefined()
})
