import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createVirtualClock } from '@concord/testing'
import { afterEach, expect, test } from 'vitest'
import { createConfluentRegistry } from './registry-confluent.ts'

const servers: Server[] = []

afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections()
})

type Answer = (response: ServerResponse, path: string) => void

/** A registry that answers as told; `asked` holds the paths it was asked for. */
async function aRegistry(answer: Answer): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    answer(response, request.url ?? '')
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`, asked }
}

const json = (status: number, body: unknown): Answer => {
  return (response) => void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

const aSchema = { type: 'record', name: 'A', fields: [{ name: 'a', type: 'string' }] }
const unknownSchema = json(404, { error_code: 40403, message: 'no such schema' })

test('a schema is asked for once and then known', async () => {
  const { url, asked } = await aRegistry(json(200, { schema: JSON.stringify(aSchema) }))
  const registry = createConfluentRegistry({ url })
  const [first, second] = await Promise.all([registry.schemaById(7), registry.schemaById(7)])
  expect(first).toMatchObject(aSchema)
  expect(second).toMatchObject(aSchema)
  await registry.schemaById(7)
  expect(asked).toEqual(['GET /api/schemas/ids/7'])
})

test('an unknown id is final, and asked for again only after a while', async () => {
  const { url, asked } = await aRegistry(unknownSchema)
  const clock = createVirtualClock()
  const registry = createConfluentRegistry({ url, clock, unknownMs: 1_000 })
  await expect(registry.schemaById(7)).rejects.toMatchObject({ code: 'unreadable', retryable: false })
  await expect(registry.schemaById(7)).rejects.toMatchObject({ code: 'unreadable' })
  expect(asked).toHaveLength(2)
  await clock.advance(1_000)
  await expect(registry.schemaById(7)).rejects.toMatchObject({ code: 'unreadable' })
  expect(asked).toHaveLength(4)
})

test('a 404 that is not the registry’s own may pass', async () => {
  const { url } = await aRegistry(json(404, { message: 'no route' }))
  const registry = createConfluentRegistry({ url })
  await expect(registry.schemaById(7)).rejects.toMatchObject({ code: 'registry_unavailable', retryable: true })
  await expect(registry.idOf('a-value', aSchema)).rejects.toMatchObject({ code: 'registry_unavailable' })
})

test('a schema that nobody registered names the command that mends it', async () => {
  const { url } = await aRegistry(json(404, { error_code: 40401, message: 'no such subject' }))
  const fault = createConfluentRegistry({ url }).idOf('a-value', aSchema)
  await expect(fault).rejects.toMatchObject({
    code: 'schema_unregistered',
    retryable: false,
    mend: 'Run `./concord schemas register`.',
  })
})

test.each([
  ['answers 500', json(500, {})],
  ['answers 401', json(401, {})],
  ['hangs before the headers', () => {}],
  ['hangs within the body', (response: ServerResponse) => void response.writeHead(200).write('{')],
  ['answers a page of its own', (response: ServerResponse) => void response.end('<html>welcome</html>')],
  ['hangs up', (response: ServerResponse) => void response.destroy()],
])('a registry that %s may pass', async (_, answer) => {
  const { url } = await aRegistry(answer)
  const registry = createConfluentRegistry({ url, timeoutMs: 100 })
  await expect(registry.schemaById(7)).rejects.toMatchObject({ code: 'registry_unavailable', retryable: true })
  await expect(registry.idOf('a-value', aSchema)).rejects.toMatchObject({ code: 'registry_unavailable', retryable: true })
  await expect(registry.ping()).rejects.toMatchObject({ code: 'registry_unavailable', retryable: true })
})

test('a registry that is down may pass', async () => {
  const registry = createConfluentRegistry({ url: 'http://127.0.0.1:1' })
  await expect(registry.schemaById(7)).rejects.toThrow(/^registry_unavailable: .*127\.0\.0\.1:1 gives no usable answer/)
  await expect(registry.idOf('a-value', aSchema)).rejects.toMatchObject({ code: 'registry_unavailable' })
  await expect(registry.ping()).rejects.toMatchObject({ code: 'registry_unavailable' })
})

test('a registry that was away is asked again', async () => {
  let away = true
  const { url } = await aRegistry((response, path) => {
    if (away) return json(503, {})(response, path)
    return json(200, { schema: JSON.stringify(aSchema) })(response, path)
  })
  const registry = createConfluentRegistry({ url })
  await expect(registry.schemaById(7)).rejects.toMatchObject({ code: 'registry_unavailable' })
  away = false
  await expect(registry.schemaById(7)).resolves.toMatchObject(aSchema)
})

test('a schema that is none, or of another kind, is unreadable', async () => {
  const broken = await aRegistry(json(200, { schema: '{"type":"no such type"}' }))
  await expect(createConfluentRegistry({ url: broken.url }).schemaById(7)).rejects.toMatchObject({ code: 'unreadable' })
  const other = await aRegistry(json(200, { schema: '{"type":"object"}', schemaType: 'JSON' }))
  await expect(createConfluentRegistry({ url: other.url }).schemaById(7)).rejects.toMatchObject({ code: 'unreadable' })
})

test('credentials are sent and never shown', async () => {
  const seen: (string | undefined)[] = []
  const { url } = await aRegistry((response) => {
    seen.push(response.req.headers.authorization)
    response.writeHead(500).end()
  })
  const registry = createConfluentRegistry({ url: url.replace('//', '//key:secret@') })
  const faults = [await registry.ping().catch(String), await registry.schemaById(7).catch(String)]
  expect(seen).toEqual(Array(2).fill(`Basic ${Buffer.from('key:secret').toString('base64')}`))
  for (const fault of faults) expect(fault).not.toContain('secret')
})

test('an address that is none is refused at once', () => {
  expect(() => createConfluentRegistry({ url: 'registry:8081' })).toThrow(/^invalid_config: .*SCHEMA_REGISTRY_URL/)
})
