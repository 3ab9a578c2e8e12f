import type { AvroSchemaJson } from './avro.ts'

/** Where writers and readers of a topic find each other's schemas. */
export interface SchemaRegistry {
  /**
   * Id of exactly this schema under the subject. Never registers.
   * Rejects with `schema_unregistered`, whose mend names the command, or with `registry_unavailable` (retryable).
   */
  idOf(subject: string, schema: AvroSchemaJson): Promise<number>
  /**
   * The writer's schema.
   * Rejects with `unreadable` for an id that the registry does not know, or with `registry_unavailable` (retryable).
   */
  schemaById(id: number): Promise<AvroSchemaJson>
  /** Resolves when the registry answers; rejects with `registry_unavailable` (retryable). */
  ping(): Promise<void>
}

/** The imperative sentence of every fault about a schema that nobody registered. */
export const registerMend = 'Run `./concord schemas register`.'
