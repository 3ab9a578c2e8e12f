import type { z } from 'zod'

/** Refuses lone surrogates anywhere in the value: UTF-8 cannot carry them, so they would arrive as something else. */
export function wellFormed<T>(schema: z.ZodType<T>): z.ZodType<T> {
  return schema
    .superRefine((value, context) => {
      if (isWellFormed(value)) return
      context.addIssue({ code: 'custom', path: loneSurrogate(value) ?? [], message: 'is not valid Unicode' })
    })
    .meta({ rule: 'every text in it is valid Unicode' })
}

/** Looks at each text of each message, twice on its way: so it makes nothing, and where the flaw is, is asked only when there is one. */
function isWellFormed(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed()
  if (value === null || typeof value !== 'object') return true
  if (Array.isArray(value)) return value.every(isWellFormed)
  for (const key of Object.keys(value)) {
    if (!key.isWellFormed() || !isWellFormed((value as Record<string, unknown>)[key])) return false
  }
  return true
}

function loneSurrogate(value: unknown): PropertyKey[] | null {
  if (typeof value === 'string') return value.isWellFormed() ? null : []
  if (value === null || typeof value !== 'object') return null
  for (const [key, member] of Object.entries(value)) {
    const path = key.isWellFormed() ? loneSurrogate(member) : []
    if (path !== null) return [Array.isArray(value) ? Number(key) : key, ...path]
  }
  return null
}
