import { expect, test } from 'vitest'
import { avroType, type AvroComplex, type AvroSchemaJson } from './avro.ts'
import { createCodec } from './codec.ts'
import { Fault } from './faults.ts'
import { createFolderRegistry } from './registry-folder.ts'
import type { SchemaRegistry } from './registry.ts'
import { loadSchemas, schemasOf } from './schemas.ts'
import { aCaseEvent, aRequest, aTriage } from './testing.ts'
import { caseEvents, requests, triaged } from './topics.ts'

const schemas = loadSchemas()
const folder = createFolderRegistry(schemas)
const codec = createCodec({ registry: folder, schemas })
const requestSchema = schemasOf(schemas, requests.subject).current as AvroComplex

/** Bytes as a writer with this schema and id writes them. */
function written(id: number, payload: Buffer): Buffer {
  const header = Buffer.alloc(5)
  header.writeInt32BE(id, 1)
  return Buffer.concat([header, payload])
}

const payloadOf = (bytes: Buffer): Buffer => bytes.subarray(5)

test('the wire format is 0, the id of the schema, Avro', async () => {
  const bytes = await codec.encode(requests, aRequest())
  expect(bytes[0]).toBe(0)
  expect(bytes.readInt32BE(1)).toBe(await folder.idOf(requests.subject, requestSchema))
  expect(avroType(requestSchema).fromBuffer(payloadOf(bytes))).toMatchObject(aRequest())
})

test('fields that the contract does not know are not written', async () => {
  const bytes = await codec.encode(requests, { ...aRequest(), mood: 'grim' } as never)
  expect(await codec.decode(requests, bytes)).toEqual(aRequest())
})

test('messages of any size keep to themselves: one written later changes none that was written before', async () => {
  const events = [10, 300_000, 900_000, 20].map((size) => aCaseEvent({ data: 'x'.repeat(size) }))
  const written = await Promise.all(events.map((event) => codec.encode(caseEvents, event)))
  const read = await Promise.all(written.map((bytes) => codec.decode(caseEvents, bytes)))
  expect(read).toEqual(events)
})

const secret = 'my card is 4111'
const good = await codec.encode(requests, aRequest({ text: secret }))
const id = good.readInt32BE(1)
const notUtf8 = Buffer.from(good)
notUtf8[notUtf8.indexOf(secret)] = 0xff

test.each([
  ['no value', null, /has no value/],
  ['nothing', Buffer.alloc(0), /0 bytes are too few/],
  ['no framing', Buffer.from('{}'), /2 bytes are too few/],
  ['JSON', Buffer.from(JSON.stringify(aRequest())), /magic byte 0/],
  ['an unknown id', written(1, payloadOf(good)), /schema id 1/],
  ['no payload', written(id, Buffer.alloc(0)), /the bytes end within tenantId/],
  ['half the payload', good.subarray(0, good.length - 12), /the bytes end within /],
  ['trailing bytes', Buffer.concat([good, Buffer.from('x')]), /1 bytes are left over/],
  ['text that is not UTF-8', notUtf8, /text is not valid UTF-8/],
])('%s is unreadable, for good, and not quoted', async (_, bytes, message) => {
  const fault = await codec.decode(requests, bytes).catch((error: unknown) => error)
  expect(fault).toBeInstanceOf(Fault)
  expect(fault).toMatchObject({ code: 'unreadable', retryable: false })
  expect(String(fault)).toMatch(message)
  expect(String(fault)).not.toContain('4111')
})

test('every cut of a message is unreadable', async () => {
  for (let length = 0; length < good.length; length++) {
    await expect(codec.decode(requests, good.subarray(0, length))).rejects.toMatchObject({ code: 'unreadable' })
  }
})

test('a message with any byte changed is read or unreadable, and nothing else happens', async () => {
  for (let at = 5; at < good.length; at++) {
    for (const change of [0x01, 0x80, 0xff]) {
      const bytes = Buffer.from(good)
      bytes[at] = bytes[at]! ^ change
      await codec.decode(requests, bytes).catch((error: unknown) => expect(error).toMatchObject({ code: 'unreadable' }))
    }
  }
})

test('a list that announces more items than there are bytes is refused before anything is built', async () => {
  const payload = payloadOf(good)
  const huge = Buffer.from([0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0x03])
  const groups = payload.indexOf(Buffer.from([0x02, 0x0c, ...Buffer.from('public')]))
  const bytes = written(id, Buffer.concat([payload.subarray(0, groups), huge, payload.subarray(groups + 1)]))
  await expect(codec.decode(requests, bytes)).rejects.toThrow(/accessGroups announces more items than there are bytes/)
})

test('a value that breaks the contract is refused by its fields, and not quoted', async () => {
  const broken = { ...aRequest(), text: `${secret}\u0000`, priority: secret, metadata: { [secret]: 'x'.repeat(2_001) } }
  const fault = await codec.encode(requests, broken as never).catch(String)
  expect(fault).toMatch(/^Fault: unreadable: concord\.requests\.v1: /)
  expect(fault).toContain('text: the text holds control characters')
  expect(fault).toContain('priority: must be one of low, normal, high, urgent')
  expect(fault).toContain('metadata[…]: must be at most 2000 characters')
  expect(fault).not.toContain('4111')
})

test('what Avro carries but zod refuses is unreadable by its field', async () => {
  const payload = avroType(requestSchema).toBuffer({ ...aRequest(), text: '  ' })
  await expect(codec.decode(requests, written(id, payload))).rejects.toThrow('concord.requests.v1: text: the text is empty')
})

/** A registry that knows the folder and one writer more. */
function withWriter(writer: AvroSchemaJson): { registry: SchemaRegistry; asked: () => number } {
  let asked = 0
  const registry: SchemaRegistry = {
    ...folder,
    async schemaById(wanted) {
      asked++
      return wanted === 7 ? writer : folder.schemaById(wanted)
    },
  }
  return { registry, asked: () => asked }
}

test('a newer writer’s extra field is skipped, an older writer’s missing field gets its default', async () => {
  const fields = (requestSchema.fields ?? []).filter((field) => field.name !== 'metadata')
  const writer = { ...requestSchema, fields: [{ name: 'mood', type: 'string', default: '' }, ...fields] }
  const payload = avroType(writer).toBuffer({ ...aRequest(), mood: 'fine' })
  const { registry } = withWriter(writer)
  expect(await createCodec({ registry, schemas }).decode(requests, written(7, payload))).toEqual(aRequest())
})

test('a schema is resolved once, also for those who ask at the same time', async () => {
  const { registry, asked } = withWriter(requestSchema)
  const reader = createCodec({ registry, schemas })
  const bytes = written(7, payloadOf(good))
  await Promise.all([1, 2, 3].map(() => reader.decode(requests, bytes)))
  await reader.decode(requests, bytes)
  expect(asked()).toBe(1)
})

test('another topic’s message is unreadable', async () => {
  const bytes = await codec.encode(triaged, aTriage())
  await expect(codec.decode(requests, bytes)).rejects.toThrow(
    /^unreadable: .*\(concord\.Triage\) cannot be read as concord\.Request/,
  )
})

test('a registry that was away is asked again', async () => {
  let away = true
  const registry: SchemaRegistry = {
    ...folder,
    async schemaById(wanted) {
      if (away) throw new Fault('registry_unavailable', 'nobody answers', { retryable: true })
      return folder.schemaById(wanted)
    },
  }
  const reader = createCodec({ registry, schemas })
  await expect(reader.decode(requests, good)).rejects.toMatchObject({ code: 'registry_unavailable', retryable: true })
  away = false
  expect(await reader.decode(requests, good)).toEqual(aRequest({ text: secret }))
})

test('a service finds out at its start that a schema is not registered, and how to mend it', async () => {
  await expect(codec.prepare([requests, triaged])).resolves.toBeUndefined()
  const changed = { ...requestSchema, doc: 'another' }
  const subjects = schemas.subjects.map((one) => (one.subject === requests.subject ? { ...one, current: changed } : one))
  const newer = createCodec({ registry: folder, schemas: { ...schemas, subjects } })
  await expect(newer.prepare([requests])).rejects.toMatchObject({
    code: 'schema_unregistered',
    retryable: false,
    mend: 'Run `./concord schemas register`.',
  })
  await expect(newer.encode(requests, aRequest())).rejects.toMatchObject({ code: 'schema_unregistered' })
})
