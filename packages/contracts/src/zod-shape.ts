import type { z } from 'zod'

/** A zod schema as a contract sees it: what lies under its wrappers, whether null may stand there, and what an absent value means. */
export interface ZodShape {
  kind: ZodKind
  nullable: boolean
  /** Undefined where the value must be there. */
  default: unknown
  /** Without its wrappers. */
  base: z.ZodType
}

export type ZodKind =
  | { is: 'object'; fields: ReadonlyMap<string, z.ZodType> }
  | { is: 'array'; items: z.ZodType }
  | { is: 'map'; keys: z.ZodType; values: z.ZodType }
  | { is: 'choice'; options: readonly string[] }
  | { is: 'text' | 'boolean' | 'int' | 'long' | 'double' }

/** @throws for a zod type that no contract may use, since Avro has nothing like it. */
export function shapeOf(schema: z.ZodType): ZodShape {
  const { def } = (schema as unknown as z.core.$ZodTypes)._zod
  if (def.type === 'default') return { ...shapeOf(def.innerType as z.ZodType), default: def.defaultValue }
  if (def.type === 'nullable') return { ...shapeOf(def.innerType as z.ZodType), nullable: true }
  return { kind: kindOf(def), nullable: false, default: undefined, base: schema }
}

function kindOf(def: z.core.$ZodTypes['_zod']['def']): ZodKind {
  switch (def.type) {
    case 'object':
      return { is: 'object', fields: new Map(Object.entries(def.shape) as [string, z.ZodType][]) }
    case 'array':
      return { is: 'array', items: def.element as z.ZodType }
    case 'record':
      return { is: 'map', keys: def.keyType as z.ZodType, values: def.valueType as z.ZodType }
    case 'enum':
      return { is: 'choice', options: Object.values(def.entries).map(String) }
    case 'string':
      return { is: 'text' }
    case 'boolean':
      return { is: 'boolean' }
    case 'number':
      return { is: numberKind('format' in def ? def.format : undefined) }
    default:
      throw new TypeError(`a contract cannot hold the zod type ${def.type}`)
  }
}

function numberKind(format: unknown): 'int' | 'long' | 'double' {
  return format === 'int32' ? 'int' : format === 'safeint' ? 'long' : 'double'
}

/** What a schema asks beyond its type: the least and most of a number, or of a text's or list's length, and rules in words. */
export interface ZodRules {
  least: number | undefined
  most: number | undefined
  words: readonly string[]
}

/** @param base without wrappers */
export function rulesOf(base: z.ZodType): ZodRules {
  const checks = (base._zod.def.checks ?? []).map((check) => check._zod.def as z.core.$ZodChecks['_zod']['def'])
  const least = checks.flatMap((def) =>
    'minimum' in def ? [Number(def.minimum)] : def.check === 'greater_than' ? [Number(def.value)] : [],
  )
  const most = checks.flatMap((def) =>
    'maximum' in def ? [Number(def.maximum)] : def.check === 'less_than' ? [Number(def.value)] : [],
  )
  const exact = checks.flatMap((def) => (def.check === 'length_equals' ? [def.length] : []))
  const inWords = checks.flatMap((def) => {
    const words = typeof def.error === 'function' ? def.error({ code: 'custom', path: [], input: undefined } as never) : undefined
    return typeof words === 'string' ? [words] : []
  })
  const own = (base as { meta?: () => { rule?: unknown } | undefined }).meta?.()?.rule
  return {
    least: least.length + exact.length === 0 ? undefined : Math.max(...least, ...exact),
    most: most.length + exact.length === 0 ? undefined : Math.min(...most, ...exact),
    words: typeof own === 'string' ? [...inWords, own] : inWords,
  }
}
