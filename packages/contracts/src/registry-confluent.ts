import { SchemaRegistry as Client, SchemaType } from '@kafkajs/confluent-schema-registry'
import avsc from 'avsc'
import type { AvroSchemaJson } from './avro.ts'
import { systemClock, type Clock } from './clock.ts'
import { Fault } from './faults.ts'
import { createRegistryHttp, isNotFound, registryAddress, registryUnavailable } from './registry-http.ts'
import { registerMend, type SchemaRegistry } from './registry.ts'

export interface ConfluentRegistryOptions {
  /** With the base path, and with credentials as its user part where the registry wants them. */
  url: string
  /** Limit of each call to the registry, from connecting to the last byte. */
  timeoutMs?: number
  /** How long an id stays unknown before the registry is asked again. */
  unknownMs?: number
  clock?: Clock
}

/** Unknown ids that are remembered; the oldest is forgotten first. */
const mostUnknown = 1_000

/** Any registry that speaks Confluent's API. It never retries by itself: that is the reader's pipeline's to decide. */
export function createConfluentRegistry(options: ConfluentRegistryOptions): SchemaRegistry {
  const { timeoutMs = 5_000, unknownMs = 30_000, clock = systemClock } = options
  const address = registryAddress(options.url)
  const http = createRegistryHttp(address, timeoutMs)
  const client = new Client({
    host: address.url,
    clientId: 'concord',
    retry: { retries: 0 },
    middlewares: [bounded(timeoutMs)],
    ...(address.auth === null ? {} : { auth: address.auth }),
  })
  const unknown = createForgetful(clock, unknownMs)

  /** What the library says of a failure is not enough to give a message up for ever, so the registry is asked in plain words. */
  async function whyNoSchema(id: number, error: unknown): Promise<Fault> {
    if (mayPass(error)) return unavailable(error)
    const answer = await http.call('GET', `/schemas/ids/${id}`)
    if (isNotFound(answer)) {
      unknown.add(id)
      return unknownId(id)
    }
    if (typeof (answer.body as { schema?: unknown } | null)?.schema !== 'string') return unavailable(error)
    return new Fault('unreadable', `the schema ${id} in the registry is no valid Avro schema`)
  }

  async function whyNoId(subject: string, schema: string, error: unknown): Promise<Fault> {
    if (mayPass(error)) return unavailable(error)
    const answer = await http.call('POST', `/subjects/${encodeURIComponent(subject)}`, { schema })
    if (!isNotFound(answer)) return unavailable(error)
    return new Fault('schema_unregistered', `${address.url} does not hold our schema of ${subject}.`, { mend: registerMend })
  }

  const unavailable = (cause: unknown) => registryUnavailable(address, 'gives no usable answer', cause)

  return {
    async idOf(subject, schema) {
      const text = JSON.stringify(schema)
      const id: unknown = await client
        .getRegistryIdBySchema(subject, { type: SchemaType.AVRO, schema: text })
        .catch(async (error: unknown) => {
          throw await whyNoId(subject, text, error)
        })
      if (typeof id !== 'number') throw unavailable(new TypeError('the answer holds no id'))
      return id
    },
    async schemaById(id) {
      if (unknown.has(id)) throw unknownId(id)
      const found = await client.getSchema(id).catch(async (error: unknown) => {
        throw await whyNoSchema(id, error)
      })
      return schemaOf(found, id)
    },
    async ping() {
      const { status, body } = await http.call('GET', '/subjects')
      if (status !== 200 || !Array.isArray(body)) throw registryUnavailable(address, 'is no schema registry')
    },
  }
}

type Middleware = NonNullable<ConstructorParameters<typeof Client>[0]['middlewares']>[number]

/** The library knows no time-out, and would share a request that hangs with all who ask for the same schema later. */
function bounded(timeoutMs: number): Middleware {
  return () => ({
    async prepareRequest(next) {
      return (await next()).enhance({ signal: AbortSignal.timeout(timeoutMs) })
    },
  })
}

/**
 * Whether the failure says nothing about the schema. The library gives a refused connection the status 400 and any proxy's 404 the
 * registry's; only a 404, or an answer that it could not parse, is worth a second look.
 */
function mayPass(error: unknown): boolean {
  const status = (error as { status?: unknown } | null)?.status
  return typeof status === 'number' && status !== 404
}

function unknownId(id: number): Fault {
  return new Fault('unreadable', `nobody knows the schema id ${id}`)
}

function schemaOf(found: unknown, id: number): AvroSchemaJson {
  if (avsc.Type.isType(found)) return (found as avsc.Type).schema({ exportAttrs: true }) as AvroSchemaJson
  throw new Fault('unreadable', `the schema ${id} is no Avro schema`)
}

/** A bounded set whose members expire. */
function createForgetful(clock: Clock, ttlMs: number): { has(id: number): boolean; add(id: number): void } {
  const until = new Map<number, number>()
  return {
    has: (id) => clock.now() < (until.get(id) ?? 0),
    add(id) {
      until.delete(id)
      until.set(id, clock.now() + ttlMs)
      const oldest = until.keys().next().value
      if (until.size > mostUnknown && oldest !== undefined) until.delete(oldest)
    },
  }
}
