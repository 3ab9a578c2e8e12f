/** A service that meets a registry without its schemas exits, and says which command mends it. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { service } from './processes.ts'

/** A registry that answers as Confluent's does, and holds nothing. */
async function emptyRegistry(): Promise<string> {
  const server = createServer((request, response) => {
    const known = request.method === 'GET' && request.url === '/subjects'
    response.writeHead(known ? 200 : 404, { 'content-type': 'application/vnd.schemaregistry.v1+json' })
    response.end(JSON.stringify(known ? [] : { error_code: 40_401, message: 'Subject not found.' }))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test.each(['triage', 'coordinator'])(
  '%s ends with 1 and names the command when its schemas are not registered',
  async (name) => {
    const { KAFKA_BROKERS = '', REDIS_URL = '' } = process.env
    const { ended } = service(name, { KAFKA_BROKERS, REDIS_URL, SCHEMA_REGISTRY_URL: await emptyRegistry() })
    const { code, said } = await ended
    expect(code).toBe(1)
    expect(said).toContain('schema_unregistered')
    expect(said).toContain('./concord schemas register')
  },
  30_000,
)
