import { avroType, type AvroType } from './avro.ts'
import { flawOf } from './avro-scan.ts'
import { Fault } from './faults.ts'
import { describeIssues } from './issues.ts'
import type { SchemaRegistry } from './registry.ts'
import { schemasOf, type SchemaSet } from './schemas.ts'
import type { Topic } from './topics.ts'

/** Messages to bytes and back, in the Confluent wire format: 0x00, the schema's id as int32, Avro. */
export interface Codec {
  /** Checks with zod, then writes. Rejects with `unreadable` naming the field when the value breaks the contract. */
  encode<T>(topic: Topic<string, T>, value: T): Promise<Buffer>
  /** Resolves the writer's schema against ours, then checks with zod. `unreadable` is final; `registry_unavailable` is retryable. */
  decode<T>(topic: Topic<string, T>, bytes: Buffer | null): Promise<T>
  /**
   * Looks up our schema of each topic, so that a service finds out at its start. Rejects with `schema_unregistered`,
   * or with `registry_unavailable` (retryable).
   */
  prepare(topics: readonly Topic[]): Promise<void>
}

export interface CodecOptions {
  registry: SchemaRegistry
  schemas: SchemaSet
}

type Read = (payload: Buffer) => unknown

const headerBytes = 5

export function createCodec({ registry, schemas }: CodecOptions): Codec {
  const ours = shared((subject: string) => writerOf(subject))
  const readers = shared((key: string) => readerOf(key))

  async function writerOf(subject: string): Promise<{ id: number; type: AvroType }> {
    const { current } = schemasOf(schemas, subject)
    return { id: await registry.idOf(subject, current), type: avroType(current) }
  }

  async function readerOf(key: string): Promise<Read> {
    const [subject = '', id = ''] = key.split('\n')
    const written = await registry.schemaById(Number(id))
    return createRead(avroType(schemasOf(schemas, subject).current), avroType(written, `schema ${id}`), `schema ${id}`)
  }

  return {
    async encode(topic, value) {
      const checked = topic.schema.safeParse(value)
      if (!checked.success) throw new Fault('unreadable', `${topic.name}: ${describeIssues(topic.schema, checked.error)}`)
      const { id, type } = await ours(topic.subject)
      return frame(id, type, checked.data, topic.name)
    },
    async decode(topic, bytes) {
      const { id, payload } = unframe(topic.name, bytes)
      const read = await readers(`${topic.subject}\n${id}`)
      const checked = topic.schema.safeParse(readWith(read, payload, topic.name))
      if (!checked.success) throw new Fault('unreadable', `${topic.name}: ${describeIssues(topic.schema, checked.error)}`)
      return checked.data
    },
    async prepare(topics) {
      await Promise.all(topics.map((topic) => ours(topic.subject)))
    },
  }
}

/** One promise per key for all who ask; a failure is forgotten, so that the next one asks again. */
function shared<T>(load: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const held = new Map<string, Promise<T>>()
  return (key) => {
    const known = held.get(key)
    if (known !== undefined) return known
    const loading = load(key)
    held.set(key, loading)
    loading.catch(() => held.delete(key))
    return loading
  }
}

function unframe(topic: string, bytes: Buffer | null): { id: number; payload: Buffer } {
  if (bytes === null) throw new Fault('unreadable', `${topic}: the record has no value`)
  if (bytes.length < headerBytes) throw new Fault('unreadable', `${topic}: ${bytes.length} bytes are too few for a schema id`)
  if (bytes[0] !== 0) throw new Fault('unreadable', `${topic}: the bytes do not begin with the magic byte 0`)
  return { id: bytes.readInt32BE(1), payload: bytes.subarray(headerBytes) }
}

function createRead(reader: AvroType, writer: AvroType, what: string): Read {
  const resolver = resolverOf(reader, writer, what)
  return (payload) => {
    const flaw = flawOf(writer, payload)
    if (flaw !== null) throw new Fault('unreadable', flaw)
    return reader.fromBuffer(payload, resolver) as unknown
  }
}

function resolverOf(reader: AvroType, writer: AvroType, what: string) {
  try {
    return reader.createResolver(writer)
  } catch (error) {
    throw new Fault('unreadable', `${what} (${writer.name}) cannot be read as ${reader.name}`, { cause: error })
  }
}

/** An error of avsc quotes the value, so it is never passed on. */
function readWith(read: Read, payload: Buffer, topic: string): unknown {
  try {
    return read(payload)
  } catch (error) {
    const why = error instanceof Fault ? error.message.replace(/^unreadable: /, '') : 'the bytes are not what their schema says'
    throw new Fault('unreadable', `${topic}: ${why}`)
  }
}

/** Every message is written here first, so that only its copy, of the size that it has, is made for it. Grows with the largest. */
let desk = Buffer.allocUnsafeSlow(65_536)

function frame(id: number, type: AvroType, value: unknown, topic: string): Buffer {
  const end = write(type, value, topic)
  desk[0] = 0
  desk.writeInt32BE(id, 1)
  return Buffer.from(desk.subarray(0, end))
}

/** @returns where it ends on the desk */
function write(type: AvroType, value: unknown, topic: string): number {
  try {
    const end = type.encode(value, desk, headerBytes)
    if (end >= 0) return end
    desk = Buffer.allocUnsafeSlow(2 * (desk.length - end)) // a negative end says how many bytes are lacking
    return type.encode(value, desk, headerBytes)
  } catch {
    const paths: string[] = []
    type.isValid(value, { errorHook: (path) => paths.push(path.join('.')) })
    throw new Fault('unreadable', `${topic}: ${paths.slice(0, 5).join(', ')}: not what the Avro schema says`)
  }
}
