/** Avro schemas as JSON, and avsc behind the few types that we use of it. */
import avsc from 'avsc'
import { Fault } from './faults.ts'

export interface AvroField {
  name: string
  type: AvroSchemaJson
  doc?: string
  default?: unknown
  /** `personal`: what a customer or reviewer said, or what says something about them. */
  sensitivity?: string
}

export interface AvroComplex {
  type: string
  name?: string
  namespace?: string
  doc?: string
  fields?: readonly AvroField[]
  items?: AvroSchemaJson
  values?: AvroSchemaJson
  symbols?: readonly string[]
  size?: number
}

/** A schema as the Avro specification writes it: a name, a union, or a complex type. */
export type AvroSchemaJson = string | readonly AvroSchemaJson[] | AvroComplex

export type AvroType = avsc.Type

/** @throws Fault `unreadable` where the JSON is no Avro schema. */
export function avroType(schema: AvroSchemaJson, what = 'the schema'): AvroType {
  try {
    return avsc.Type.forSchema(schema as avsc.Schema)
  } catch (error) {
    throw new Fault('unreadable', `${what} is no valid Avro schema`, { cause: error })
  }
}
