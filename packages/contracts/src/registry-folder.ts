import { createHash } from 'node:crypto'
import type { AvroSchemaJson } from './avro.ts'
import { canonicalJson } from './canonical.ts'
import { Fault } from './faults.ts'
import { registerMend, type SchemaRegistry } from './registry.ts'
import type { SchemaSet } from './schemas.ts'

/**
 * The contract files as a registry. An id is derived from the schema's own text, so every process that holds the same
 * files gives the same ids, in any order.
 */
export function createFolderRegistry(set: SchemaSet): SchemaRegistry {
  const byId = new Map<number, AvroSchemaJson>()
  const idsBySubject = new Map<string, Set<number>>()
  for (const { subject, current, earlier } of set.subjects) {
    const ids = new Set<number>()
    for (const schema of [...earlier, current]) {
      const id = schemaId(schema)
      const other = byId.get(id)
      if (other !== undefined && canonicalJson(other) !== canonicalJson(schema)) {
        throw new Fault('invalid_config', `two schemas share the id ${id}, one of them of ${subject}`, {
          mend: 'Change a doc text in one.',
        })
      }
      byId.set(id, schema)
      ids.add(id)
    }
    idsBySubject.set(subject, ids)
  }

  return {
    async idOf(subject, schema) {
      const id = schemaId(schema)
      if (idsBySubject.get(subject)?.has(id) === true) return id
      throw new Fault('schema_unregistered', `the folder ${set.folder} does not hold this schema of ${subject}.`, {
        mend: registerMend,
      })
    },
    async schemaById(id) {
      const schema = byId.get(id)
      if (schema === undefined) throw new Fault('unreadable', `nobody knows the schema id ${id}`)
      return schema
    },
    async ping() {},
  }
}

/** 1 to 2³¹ − 1: 0 reads as "no id" in too many clients. */
function schemaId(schema: AvroSchemaJson): number {
  const digest = createHash('sha256').update(canonicalJson(schema)).digest()
  return (digest.readUInt32BE(0) % 0x7fff_fffe) + 1
}
