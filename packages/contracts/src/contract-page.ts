/** Writes docs/contracts.md from the contract files and zod, so that neither can say what the other does not. */
import type { z } from 'zod'
import type { AvroComplex, AvroField, AvroSchemaJson } from './avro.ts'
import { schemasOf, type SchemaSet } from './schemas.ts'
import type { Topic } from './topics.ts'
import { rulesOf, shapeOf } from './zod-shape.ts'

const head = `# Contracts

Every message on every topic, field by field. The \`.avsc\` files in \`schemas/\` are the contract; what stands after a colon is asked by zod
beyond what Avro can say. This page is generated: \`vitest run --project unit packages/contracts -u\` writes it anew.

All whole numbers lie within ±2⁵², all texts are valid Unicode.

To change a contract that has been deployed, first keep what stands there: copy \`schemas/<noun>/v1.avsc\` to \`v1.1.avsc\` (the next time
\`v1.2.avsc\`). Then change \`v1.avsc\` and its zod mirror. \`./concord schemas check\` says whether the change may follow, and
\`./concord schemas register\` registers it before the services that need it start. What may not follow is a new major: \`v2.avsc\`, a topic of
its own.
`

export function contractPage(set: SchemaSet, topics: readonly Topic[]): string {
  const sections = new Map<string, string>()
  const list = topics.map((topic) => {
    const { current } = schemasOf(set, topic.subject)
    describe(topic.schema, current, sections)
    const record = current as AvroComplex
    return `- \`${topic.name}\` carries [${record.name}](#${record.name?.toLowerCase()}): ${record.doc}`
  })
  return [head, '## Topics\n', ...list, '', ...sections.values()].join('\n').trimEnd() + '\n'
}

/** Adds a section for every record of the schema that has none yet. */
function describe(schema: z.ZodType, avro: AvroSchemaJson, sections: Map<string, string>): void {
  const { kind, base } = shapeOf(schema)
  const type = (Array.isArray(avro) ? avro[1] : avro) as AvroComplex
  if (kind.is === 'array' && type.items !== undefined) return describe(kind.items, type.items, sections)
  if (kind.is !== 'object' || type.name === undefined || sections.has(type.name)) return
  sections.set(type.name, '')
  const rule = rulesOf(base).words.filter((words) => !words.includes('Unicode'))
  const lines = (type.fields ?? []).map((field) => {
    const inner = kind.fields.get(field.name)
    if (inner === undefined) return `- \`${field.name}\``
    const asked = refinement(inner).replace(/one of (.*)/, (choice, options: string) =>
      namesAll(field.doc, options) ? 'one of' : choice,
    )
    return `- \`${field.name}\` ${typeText(field)}${asked}${asked.endsWith('one of') ? '' : '.'} ${field.doc}`
  })
  const intro = [type.doc, ...rule.map((words) => `Beyond Avro: ${words}.`)].join(' ')
  sections.set(type.name, [`## ${type.name}\n`, `${intro}\n`, ...lines, ''].join('\n'))
  for (const field of type.fields ?? []) {
    const inner = kind.fields.get(field.name)
    if (inner !== undefined) describe(inner, field.type, sections)
  }
}

function namesAll(doc: string | undefined, options: string): boolean {
  return options.split(', ').every((option) => doc?.includes(option) === true)
}

function typeText(field: AvroField): string {
  const branches = Array.isArray(field.type) ? (field.type as readonly AvroSchemaJson[]) : null
  const words = [nameOf(branches?.[1] ?? field.type), branches === null ? '' : 'or null']
  const fallback = field.default === undefined || field.default === null ? '' : `, else ${JSON.stringify(field.default)}`
  return words.join(' ').trim() + fallback + (field.sensitivity === undefined ? '' : `, ${field.sensitivity}`)
}

function nameOf(type: AvroSchemaJson): string {
  if (typeof type === 'string') return type
  const { name, items, values } = type as AvroComplex
  if (items !== undefined) return `array of ${nameOf(items)}`
  return values === undefined ? String(name) : `map of ${nameOf(values)}`
}

/** What zod asks of the field beyond its Avro type. */
function refinement(schema: z.ZodType): string {
  const { kind, base } = shapeOf(schema)
  const { words } = rulesOf(base)
  const own =
    kind.is === 'object'
      ? []
      : [
          ...rangeOf(kind.is, base),
          ...(kind.is === 'choice' ? [`one of ${kind.options.join(', ')}`] : []),
          ...words.map((problem) => `else "${problem}"`),
        ]
  const inner = kind.is === 'array' ? refinement(kind.items) : kind.is === 'map' ? refinement(kind.values) : ''
  const keys = kind.is === 'map' ? refinement(kind.keys).replace(/^: /, '') : ''
  if (keys !== '') own.push(`keys of ${keys}`)
  if (inner !== '') own.push(`each of ${inner.replace(/^: /, '')}`)
  return own.length === 0 ? '' : `: ${own.join('; ')}`
}

function rangeOf(kind: string, base: z.ZodType): string[] {
  const { least, most } = rulesOf(base)
  const lowest = least === undefined || least === -(2 ** 52) ? undefined : least
  const highest = most === 2 ** 52 ? undefined : most
  const unit = kind === 'text' ? ' characters' : kind === 'array' ? ' items' : ''
  if (lowest !== undefined && lowest === highest) return [`${lowest}${unit}`]
  if (lowest !== undefined && highest !== undefined) return [`${lowest} to ${highest}${unit}`]
  if (lowest !== undefined) return [`at least ${lowest}${unit}`]
  return highest === undefined ? [] : [`at most ${highest}${unit}`]
}
