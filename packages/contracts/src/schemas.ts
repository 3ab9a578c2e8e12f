/** The contract files: `schemas/<noun>/v<major>.avsc`, and beside it what stood there before as `v<major>.<n>.avsc`, oldest first. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { avroType, type AvroSchemaJson } from './avro.ts'
import { Fault } from './faults.ts'

/** One subject's schema and those it follows. */
export interface SubjectSchemas {
  noun: string
  major: number
  /** `concord.<noun>.v<major>-value`. */
  subject: string
  current: AvroSchemaJson
  /** Oldest first. */
  earlier: readonly AvroSchemaJson[]
}

export interface SchemaSet {
  folder: string
  subjects: readonly SubjectSchemas[]
}

const ownFolder = fileURLToPath(new URL('../../../schemas', import.meta.url))

/**
 * Reads every contract file.
 * @param folder default: `schemas/` at the root of the repository
 * @throws Fault `invalid_config` naming the folder or file that is missing or broken
 */
export function loadSchemas(folder: string = ownFolder): SchemaSet {
  if (!existsSync(folder)) throw new Fault('invalid_config', `there is no schema folder ${folder}`)
  const nouns = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  const subjects = nouns
    .map((entry) => entry.name)
    .sort()
    .flatMap((noun) => subjectsOf(folder, noun))
  if (subjects.length === 0) throw new Fault('invalid_config', `the schema folder ${folder} holds no <noun>/v<major>.avsc`)
  return { folder, subjects }
}

/** @throws Fault `invalid_config` for a subject without a contract file. */
export function schemasOf(set: SchemaSet, subject: string): SubjectSchemas {
  const found = set.subjects.find((one) => one.subject === subject)
  if (found === undefined) throw new Fault('invalid_config', `there is no contract file for ${subject} in ${set.folder}`)
  return found
}

function subjectsOf(folder: string, noun: string): SubjectSchemas[] {
  const names = readdirSync(join(folder, noun))
  const majors = names.flatMap((name) => /^v(\d+)\.avsc$/.exec(name)?.[1] ?? []).map(Number)
  return majors.map((major) => {
    const numbers = names.flatMap((name) => new RegExp(`^v${major}\\.(\\d+)\\.avsc$`).exec(name)?.[1] ?? []).map(Number)
    const earlier = numbers.sort((a, b) => a - b).map((n) => readSchema(join(folder, noun, `v${major}.${n}.avsc`)))
    const current = readSchema(join(folder, noun, `v${major}.avsc`))
    return { noun, major, subject: `concord.${noun}.v${major}-value`, current, earlier }
  })
}

function readSchema(file: string): AvroSchemaJson {
  try {
    const schema = JSON.parse(readFileSync(file, 'utf8')) as AvroSchemaJson
    avroType(schema)
    return schema
  } catch (error) {
    throw new Fault('invalid_config', `${file} is no valid Avro schema: ${Fault.from(error).message}`, { cause: error })
  }
}
