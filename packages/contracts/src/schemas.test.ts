import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { createFolderRegistry } from './registry-folder.ts'
import { checkSchemas } from './schema-register.ts'
import { loadSchemas, schemasOf } from './schemas.ts'

const folders: string[] = []

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

/** A schema folder with these files, by path. */
function aFolder(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'schemas-'))
  folders.push(folder)
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, path, '..'), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return folder
}

const schema = (...names: string[]) =>
  JSON.stringify({ type: 'record', name: 'A', fields: names.map((name) => ({ name, type: 'string', default: '' })) })

test('a subject has its current schema and the earlier ones in order', () => {
  const files = {
    'a/v1.avsc': schema('x', 'y', 'z'),
    'a/v1.2.avsc': schema('x', 'y'),
    'a/v1.1.avsc': schema('x'),
    'a/v2.avsc': schema('q'),
    'a/examples/valid-a.json': '{}',
  }
  const set = loadSchemas(aFolder(files))
  expect(set.subjects.map((one) => one.subject)).toEqual(['concord.a.v1-value', 'concord.a.v2-value'])
  const { current, earlier } = schemasOf(set, 'concord.a.v1-value')
  expect(current).toEqual(JSON.parse(schema('x', 'y', 'z')))
  expect(earlier).toEqual([JSON.parse(schema('x')), JSON.parse(schema('x', 'y'))])
})

test('a folder that is missing, empty or broken is refused by name', () => {
  expect(() => loadSchemas('/no/such/folder')).toThrow('invalid_config: there is no schema folder /no/such/folder')
  expect(() => loadSchemas(aFolder({ 'a/readme.md': '' }))).toThrow(/^invalid_config: .* holds no <noun>\/v<major>\.avsc/)
  expect(() => loadSchemas(aFolder({ 'a/v1.avsc': '{' }))).toThrow(/^invalid_config: .*a\/v1\.avsc is no valid Avro schema/)
  expect(() => loadSchemas(aFolder({ 'a/v1.avsc': '{"type":"nonsense"}' }))).toThrow(/a\/v1\.avsc is no valid Avro schema/)
  expect(() => schemasOf(loadSchemas(aFolder({ 'a/v1.avsc': schema('x') })), 'concord.b.v1-value')).toThrow(
    /concord\.b\.v1-value/,
  )
})

test('the folder as a registry gives every process the same ids and knows the earlier versions', async () => {
  const set = loadSchemas(aFolder({ 'a/v1.avsc': schema('x', 'y'), 'a/v1.1.avsc': schema('x'), 'b/v1.avsc': schema('b') }))
  const [one, other] = [createFolderRegistry(set), createFolderRegistry({ ...set, subjects: set.subjects.toReversed() })]
  for (const { subject, current, earlier } of set.subjects) {
    for (const version of [...earlier, current]) {
      const id = await one.idOf(subject, version)
      expect(id).toBeGreaterThan(0)
      expect(await other.idOf(subject, version)).toBe(id)
      expect(await other.schemaById(id)).toEqual(version)
    }
  }
  await expect(one.ping()).resolves.toBeUndefined()
})

test('the folder does not know a schema under another subject, nor an id of nobody', async () => {
  const registry = createFolderRegistry(loadSchemas(aFolder({ 'a/v1.avsc': schema('x'), 'b/v1.avsc': schema('b') })))
  const unregistered = { code: 'schema_unregistered', retryable: false, mend: 'Run `./concord schemas register`.' }
  await expect(registry.idOf('concord.b.v1-value', JSON.parse(schema('x')))).rejects.toMatchObject(unregistered)
  await expect(registry.schemaById(12)).rejects.toMatchObject({ code: 'unreadable', retryable: false })
})

test('without a registry, a schema is checked against the versions kept beside it', async () => {
  const broken = schema('x').replace(',"default":""', '')
  const set = loadSchemas(
    aFolder({
      'first/v1.avsc': schema('x'),
      'same/v1.avsc': schema('x'),
      'same/v1.1.avsc': schema('x'),
      'grown/v1.avsc': schema('x', 'y'),
      'grown/v1.1.avsc': schema('x'),
      'broken/v1.avsc': broken,
      'broken/v1.1.avsc': schema('y'),
    }),
  )
  const checks = await checkSchemas(set)
  const outcomes = Object.fromEntries(checks.map((check) => [check.subject.split('.')[1], check.outcome]))
  expect(outcomes).toEqual({ first: 'new', same: 'unchanged', grown: 'compatible', broken: 'incompatible' })
  expect(checks[0]).toMatchObject({ comparedWith: 1, reasons: ['x is new and has no default'] })
})
