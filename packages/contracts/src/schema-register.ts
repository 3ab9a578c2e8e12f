/** What `concord schemas register` and `concord schemas check` do, at deploy and in review. */
import type { AvroSchemaJson } from './avro.ts'
import { canonicalJson } from './canonical.ts'
import { Fault } from './faults.ts'
import { createRegistryHttp, registryAddress, type RegistryAnswer, type RegistryHttp } from './registry-http.ts'
import { whyNotAfter } from './schema-compat.ts'
import type { SchemaSet, SubjectSchemas } from './schemas.ts'

export interface SchemaRegistration {
  subject: string
  outcome: 'registered' | 'unchanged' | 'refused'
  /** Null where it was refused. */
  id: number | null
  /** Why it was refused. */
  reasons: string[]
}

export interface SchemaCheck {
  subject: string
  /** `new`: there is nothing before it. */
  outcome: 'new' | 'unchanged' | 'compatible' | 'incompatible'
  /** How many earlier versions it was compared with. */
  comparedWith: number
  /** What is in the way. */
  reasons: string[]
}

export interface RegistryCallOptions {
  timeoutMs?: number
}

/**
 * Sets FULL_TRANSITIVE on every subject and registers its schema, after those that are kept as its earlier versions. What is
 * there already stays as it is, so it can run at every deploy. A refused schema does not stop the others.
 * Rejects with `registry_unavailable` (retryable).
 */
export async function registerSchemas(
  url: string,
  set: SchemaSet,
  options: RegistryCallOptions = {},
): Promise<SchemaRegistration[]> {
  const http = createRegistryHttp(registryAddress(url), options.timeoutMs ?? 10_000)
  const done: SchemaRegistration[] = []
  for (const subject of set.subjects) done.push(await registerSubject(http, subject))
  return done
}

/**
 * Says of every subject whether its schema may follow those before it: those in the registry when a `url` is given, else those
 * that stand beside it as `v<major>.<n>.avsc`. Rejects with `registry_unavailable` (retryable).
 */
export async function checkSchemas(set: SchemaSet, options: RegistryCallOptions & { url?: string } = {}): Promise<SchemaCheck[]> {
  const { url, timeoutMs = 10_000 } = options
  const http = url === undefined ? null : createRegistryHttp(registryAddress(url), timeoutMs)
  const checks: SchemaCheck[] = []
  for (const one of set.subjects) {
    checks.push(checkSubject(one, http === null ? one.earlier : await versionsOf(http, one.subject)))
  }
  return checks
}

function checkSubject({ subject, current }: SubjectSchemas, before: readonly AvroSchemaJson[]): SchemaCheck {
  const reasons = whyNotAfter(current, before)
  const same = before.some((earlier) => canonicalJson(earlier) === canonicalJson(current))
  const fine = before.length === 0 ? 'new' : same ? 'unchanged' : 'compatible'
  return { subject, outcome: reasons.length > 0 ? 'incompatible' : fine, comparedWith: before.length, reasons }
}

async function registerSubject(http: RegistryHttp, { subject, current, earlier }: SubjectSchemas): Promise<SchemaRegistration> {
  const refused = (reasons: string[]): SchemaRegistration => ({ subject, outcome: 'refused', id: null, reasons })
  const reasons = whyNotAfter(current, earlier)
  if (reasons.length > 0) return refused(reasons)
  await demand(http.call('PUT', `/config/${encodeURIComponent(subject)}`, { compatibility: 'FULL_TRANSITIVE' }))
  const known = await http.call('POST', `/subjects/${encodeURIComponent(subject)}`, { schema: JSON.stringify(current) })
  if (known.status === 200) return { subject, outcome: 'unchanged', id: idIn(known), reasons: [] }
  let answer = known
  for (const schema of [...earlier, current]) {
    answer = await http.call('POST', `/subjects/${encodeURIComponent(subject)}/versions`, { schema: JSON.stringify(schema) })
    if (answer.status !== 200) break
  }
  if (answer.status === 200) return { subject, outcome: 'registered', id: idIn(answer), reasons: [] }
  const ownWords = whyNotAfter(current, await versionsOf(http, subject))
  return refused(ownWords.length > 0 ? ownWords : [`the registry answers ${answer.status}: ${messageIn(answer)}`])
}

/** Oldest first; empty for a subject that nobody registered. */
async function versionsOf(http: RegistryHttp, subject: string): Promise<AvroSchemaJson[]> {
  const path = `/subjects/${encodeURIComponent(subject)}/versions`
  const list = await http.call('GET', path)
  const numbers = Array.isArray(list.body) ? (list.body as number[]) : []
  const versions: AvroSchemaJson[] = []
  for (const number of numbers) {
    const { body } = await demand(http.call('GET', `${path}/${number}`))
    versions.push(JSON.parse((body as { schema: string }).schema) as AvroSchemaJson)
  }
  return versions
}

async function demand(answering: Promise<RegistryAnswer>): Promise<RegistryAnswer> {
  const answer = await answering
  if (answer.status < 300) return answer
  throw new Fault('internal', `the schema registry answers ${answer.status}: ${messageIn(answer)}`)
}

function idIn(answer: RegistryAnswer): number {
  return (answer.body as { id: number }).id
}

function messageIn(answer: RegistryAnswer): string {
  return (answer.body as { message?: string } | null)?.message ?? 'no message'
}
