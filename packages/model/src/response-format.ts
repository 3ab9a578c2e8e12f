import { z, type ZodType } from 'zod'

export interface ResponseFormat {
  type: 'json_schema'
  json_schema: { name: string; schema: Record<string, unknown>; strict: boolean }
}

/** The zod schema as the endpoint wants it. Strict wherever every property is required, which is the endpoints' condition for it. */
export function responseFormat(schema: ZodType, name: string): ResponseFormat {
  const { $schema: _, ...json } = withoutDefaults(z.toJSONSchema(schema)) as Record<string, unknown>
  return { type: 'json_schema', json_schema: { name, schema: json, strict: isClosed(json) } }
}

/** Endpoints in strict mode refuse `default`. */
function withoutDefaults(node: unknown, isProperties = false): unknown {
  if (Array.isArray(node)) return node.map((element) => withoutDefaults(element))
  if (typeof node !== 'object' || node === null) return node
  const members = Object.entries(node).filter(([key]) => isProperties || key !== 'default')
  return Object.fromEntries(members.map(([key, member]) => [key, withoutDefaults(member, key === 'properties' && !isProperties)]))
}

function isClosed(node: unknown): boolean {
  if (Array.isArray(node)) return node.every(isClosed)
  if (typeof node !== 'object' || node === null) return true
  const { type, properties, required, additionalProperties } = node as Record<string, unknown>
  if (type === 'object') {
    const names = Object.keys(properties ?? {})
    const all = Array.isArray(required) && names.every((name) => required.includes(name))
    if (additionalProperties !== false || (names.length > 0 && !all)) return false
  }
  return Object.values(node).every(isClosed)
}
