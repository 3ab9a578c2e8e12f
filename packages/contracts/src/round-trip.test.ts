/** What zod accepts goes through Avro unchanged, and what Avro refuses, zod refuses. */
import { readdirSync, readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { arbitraryOf } from './arbitrary.ts'
import { avroType } from './avro.ts'
import { createCodec } from './codec.ts'
import { Fault } from './faults.ts'
import { createFolderRegistry } from './registry-folder.ts'
import { loadSchemas, schemasOf } from './schemas.ts'
import { topics, type Topic } from './topics.ts'

const schemas = loadSchemas()
const codec = createCodec({ registry: createFolderRegistry(schemas), schemas })
const byNoun = topics.map((topic): [string, Topic] => [topic.noun, topic as Topic])

test.each(byNoun)('%s: whatever zod accepts comes back as it was', async (_, topic) => {
  await fc.assert(
    fc.asyncProperty(arbitraryOf(topic.schema), async (value) => {
      const accepted = topic.schema.parse(value)
      expect(await codec.decode(topic, await codec.encode(topic, accepted))).toEqual(accepted)
    }),
    { numRuns: 60 },
  )
})

const examples = byNoun.flatMap(([noun, topic]) => {
  const folder = `${schemas.folder}/${noun}/examples`
  return readdirSync(folder).map((file) => ({
    noun,
    file,
    topic,
    value: JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')) as unknown,
  }))
})
const valid = examples.filter(({ file }) => file.startsWith('valid-'))
const invalid = examples.filter(({ file }) => file.startsWith('invalid-'))

test.each(valid)('$noun/$file comes back as it was', async ({ topic, value }) => {
  const accepted = topic.schema.parse(value)
  expect(accepted).toMatchObject(value as object)
  expect(await codec.decode(topic, await codec.encode(topic, accepted))).toEqual(accepted)
})

test.each(invalid)('$noun/$file is refused by the field', async ({ topic, value }) => {
  const fault: unknown = await codec.encode(topic, value).catch((error: unknown) => error)
  expect(fault).toBeInstanceOf(Fault)
  expect(fault).toMatchObject({ code: 'unreadable', retryable: false })
  expect(String(fault)).toMatch(new RegExp(`${topic.name.replaceAll('.', '\\.')}: [a-zA-Z.[\\]0-9]+: `))
})

test.each(byNoun)('%s: what Avro refuses, zod refuses', (noun, topic) => {
  const type = avroType(schemasOf(schemas, topic.subject).current)
  let refused = 0
  for (const { value } of valid.filter((one) => one.noun === noun)) {
    for (const broken of mutations(value)) {
      if (type.isValid(broken)) continue
      refused++
      if (topic.schema.safeParse(broken).success) expect.fail(`zod accepts ${JSON.stringify(broken)}`)
    }
  }
  expect(refused).toBeGreaterThan(20)
})

const strangers = [undefined, null, true, 7, 1.5, 2 ** 60, 'x', [], [3], {}, { a: 3 }]

/** The value with one part of it replaced by something that may not belong there, for every part. */
function* mutations(value: unknown): Generator<unknown> {
  if (value === null || typeof value !== 'object') return
  for (const [key, part] of Object.entries(value)) {
    const put = (other: unknown) => (Array.isArray(value) ? value.with(Number(key), other) : { ...value, [key]: other })
    for (const stranger of strangers) yield put(stranger)
    for (const inner of mutations(part)) yield put(inner)
  }
}
